using System.Text.Json;
using DataBuild.MSBuild.Tests.Verbs;

namespace DataBuild.MSBuild.Tests.Ide;

/// <summary>What Visual Studio and Rider ask of a project while nobody builds it: everything answers, and nothing is run or written.</summary>
public sealed class DesignTimeTests
{
    /// <summary>Every target that the project system calls, then all of ours that could start something.</summary>
    private static readonly string[] Targets =
    [
        "BuiltProjectOutputGroup", "CollectAnalyzersDesignTime", "CollectCentralPackageVersions", "CollectCopyToOutputDirectoryItemDesignTime",
        "CollectFrameworkReferences", "CollectNuGetAuditSuppressions", "CollectPackageDownloads", "CollectPackageReferences",
        "CollectPrunePackageReferences", "CollectResolvedCompilationReferencesDesignTime", "CollectResolvedSDKReferencesDesignTime",
        "CollectSuggestedVisualStudioComponentIds", "CollectUpToDateCheckBuiltDesignTime", "CollectUpToDateCheckInputDesignTime",
        "CollectUpToDateCheckOutputDesignTime", "CompileDesignTime", "GenerateSupportedTargetFrameworkAlias", "ResolveAssemblyReferencesDesignTime",
        "ResolveComReferencesDesignTime", "ResolveFrameworkReferencesDesignTime", "ResolvePackageDependenciesDesignTime",
        "ResolveProjectReferencesDesignTime", "ResolveProjectReferencesDesignTime2",
        "Build", "Publish", "DataBuildCompile", "DataBuildPlan", "DataBuildReconcile", "split", "page",
    ];

    [Fact]
    public void Every_design_time_target_passes_and_runs_nothing()
    {
        using var sandbox = Pages.New();
        sandbox.Write("lib/lib.dbproj", "<Project Sdk=\"DataBuild.Sdk\" />");
        sandbox.Write("jobs/Jobs.csproj", "<Project Sdk=\"Microsoft.NET.Sdk\"><PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework></PropertyGroup></Project>");
        sandbox.WriteProject(Pages.Items + "<ItemGroup><ProjectReference Include=\"lib/lib.dbproj\" /><Job Include=\"net\" Project=\"jobs/Jobs.csproj\" /></ItemGroup>");
        sandbox.Dotnet("restore").Succeeded();
        var before = Files(sandbox);

        string[] designTime =
        [
            "-p:DesignTimeBuild=true", "-p:BuildingInsideVisualStudio=true", "-p:SkipCompilerExecution=true", "-p:ProvideCommandLineArgs=true", "-p:BuildProjectReferences=false",
            "-p:DataBuildManagedDesignTimeTargets=" + Path.Combine(Sandbox.Known("Repository"), "tests/DataBuild.MSBuild.Tests/Ide/DesignTime.targets"),
        ];
        sandbox.MSBuild(["-t:" + string.Join(';', Targets), .. designTime]).Succeeded().DoesNotSay("warning");

        // A check of timestamps by the IDE would find nothing that a build makes, and nothing to copy.
        var asked = JsonDocument.Parse(sandbox.Dotnet(
            ["msbuild", "pages.dbproj", "-t:CollectUpToDateCheckBuiltDesignTime;CollectCopyToOutputDirectoryItemDesignTime", "-getTargetResult:CollectUpToDateCheckBuiltDesignTime",
            "-getTargetResult:CollectCopyToOutputDirectoryItemDesignTime", "-getItem:ProjectCapability",
            "-getProperty:DesignTimeTargetsOfTheTest,DisableFastUpToDateCheck,AccelerateBuildsInVisualStudio,DataBuildMode,OutputType,DebugType", .. designTime]).Succeeded().Output).RootElement;
        foreach (var result in asked.GetProperty("TargetResults").EnumerateObject())
        {
            Assert.Empty(result.Value.GetProperty("Items").EnumerateArray());
        }

        string Property(string name) => asked.GetProperty("Properties").GetProperty(name).GetString()!;
        Assert.Equal(("imported", "true", "false", "plan", "none"),
            (Property("DesignTimeTargetsOfTheTest"), Property("DisableFastUpToDateCheck"), Property("AccelerateBuildsInVisualStudio"), Property("DataBuildMode"), Property("DebugType").ToLowerInvariant()));
        var capabilities = asked.GetProperty("Items").GetProperty("ProjectCapability").EnumerateArray().Select(item => item.GetProperty("Identity").GetString()).ToList();
        Assert.Contains("DataBuild", capabilities);
        Assert.Contains("LaunchProfiles", capabilities);

        Assert.Equal(before, Files(sandbox));
        Assert.False(Directory.Exists(sandbox.PathOf("data")));
    }

    [Fact]
    public void Pressing_Build_plans_and_pressing_start_runs_the_tool()
    {
        using var sandbox = Pages.New();
        sandbox.Dotnet("build", "-p:BuildingInsideVisualStudio=true").Succeeded().Says("pages -> plan: 4 will run");
        Assert.Empty(sandbox.Made());

        var run = JsonDocument.Parse(sandbox.MSBuild("-getProperty:RunCommand,RunArguments,RunWorkingDirectory,DefaultProjectTypeGuid").Succeeded().Output).RootElement.GetProperty("Properties");
        Assert.Equal("dotnet", Path.GetFileName(run.GetProperty("RunCommand").GetString()));
        Assert.Contains($"--project \"{sandbox.PathOf("pages.dbproj")}\"", run.GetProperty("RunArguments").GetString(), StringComparison.Ordinal);
        Assert.Equal("{9A19103F-16F7-4668-BE54-9A1E7A4F7556}", run.GetProperty("DefaultProjectTypeGuid").GetString());
    }

    /// <summary>All files with their times, but for the cache that the .NET SDK keeps of what was restored.</summary>
    private static Dictionary<string, DateTime> Files(Sandbox sandbox) =>
        Directory.EnumerateFiles(sandbox.Root, "*", SearchOption.AllDirectories).Where(file => !file.EndsWith(".assets.cache", StringComparison.Ordinal)).ToDictionary(file => file, File.GetLastWriteTimeUtc);
}
