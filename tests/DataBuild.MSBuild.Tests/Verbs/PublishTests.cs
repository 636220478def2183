using System.Diagnostics;

namespace DataBuild.MSBuild.Tests.Verbs;

/// <summary>A published folder, taken elsewhere, makes the same bytes where there is a .NET runtime and no SDK.</summary>
public sealed class PublishTests
{
    [Fact]
    public void A_published_folder_runs_the_graph_where_there_is_no_sdk()
    {
        using var sandbox = new Sandbox("front", "/mein ordner ü", Sandbox.Known("Engine"));
        sandbox.Write("lib/lib.dbproj", $"<Project Sdk=\"DataBuild.Sdk\">{Pages.Items}</Project>");
        Pages.WriteFiles(sandbox, "lib/");
        sandbox.Write("front/front.dbproj", """
            <Project Sdk="DataBuild.Sdk">
              <ItemGroup>
                <ProjectReference Include="../lib/lib.dbproj" />
                <Job Include="shout" Project="jobs/Shout.csproj" />
                <Job Include="sign" Command="sh 'sign it.sh'" Sources="names/*.txt" WorkingDirectory="names" />
                <Partition Include="shout/{n:int}" Job="shout" Needs="page/{n}.txt" />
                <Partition Include="signed/{n:int}" Job="sign" Needs="shout/{n}" />
                <Want Include="signed/{1..2}" />
              </ItemGroup>
            </Project>
            """);
        sandbox.Write("front/names/ann.txt", "Ann\n");
        sandbox.Write("front/names/sign it.sh", """for ref in "$@"; do cat "$DATABUILD_DATA_ROOT/shout/${ref#signed/}" ann.txt > "$DATABUILD_OUTPUT_ROOT/$ref"; done""");
        sandbox.Write("front/jobs/Shout.csproj", """<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings></PropertyGroup></Project>""");
        sandbox.Write("front/jobs/Program.cs", """
            foreach (var name in args)
            {
                var page = Path.Combine(Environment.GetEnvironmentVariable("DATABUILD_DATA_ROOT")!, "page", name["shout/".Length..] + ".txt");
                File.WriteAllText(Path.Combine(Environment.GetEnvironmentVariable("DATABUILD_OUTPUT_ROOT")!, name), File.ReadAllText(page).ToUpperInvariant());
            }
            """);

        sandbox.Dotnet("publish", "front/front.dbproj", "-o", "out put").Succeeded().Says("front ->");
        Assert.False(Directory.Exists(sandbox.PathOf("front/data")));
        Assert.Empty(sandbox.Made("lib/"));
        sandbox.Dotnet("build", "front/front.dbproj", "--no-restore").Succeeded().Says("front -> 8 built");

        // Elsewhere: only the folder, the sources of data, and a runtime without an SDK.
        Directory.Move(sandbox.PathOf("out put"), sandbox.PathOf("else where"));
        sandbox.Write("else where/references/lib/words.txt", sandbox.Read("lib/words.txt"));
        foreach (var folder in (string[])["front", "lib"])
        {
            Directory.Move(sandbox.PathOf(folder), sandbox.PathOf(folder + ".gone"));
        }

        var runtime = Runtime(sandbox);
        Assert.Equal("", Run(sandbox, Path.Combine(runtime, "dotnet"), "--list-sdks").Succeeded().Output.Trim());
        var tool = sandbox.PathOf("else where/databuild");
        Run(sandbox, tool, "build").Succeeded().Says("8 built");
        Assert.Equal("PAGE OF TWO\nAnn\n", sandbox.Read("else where/data/signed/2"));
        Assert.Equal(Data(sandbox, "front.gone/data"), Data(sandbox, "else where/data"));
        Run(sandbox, tool, "build").Succeeded().Says("nothing to do");
        Run(sandbox, tool, "status").Succeeded().Says("signed/{1..2}");
        Run(sandbox, tool, "why", "word/1").Succeeded().Says("word/1");

        // What is asked wrongly of it is said.
        Assert.Equal(2, Run(sandbox, tool, "build", "-p:DataBuildParallelism=1").Says("DBLD2140").ExitCode);
        sandbox.Write("else where/request.json", "{");
        Assert.Equal(2, Run(sandbox, tool, "build").Says("DBLD2141").ExitCode);
    }

    /// <summary>The runtime of this machine under another root, in which there is no SDK.</summary>
    private static string Runtime(Sandbox sandbox)
    {
        var host = Path.GetDirectoryName(new FileInfo(Environment.ProcessPath!).ResolveLinkTarget(true)?.FullName ?? Environment.ProcessPath!)!;
        var root = sandbox.PathOf("runtime");
        Directory.CreateDirectory(root);
        File.Copy(Path.Combine(host, "dotnet"), Path.Combine(root, "dotnet"));
        Directory.CreateSymbolicLink(Path.Combine(root, "host"), Path.Combine(host, "host"));
        Directory.CreateSymbolicLink(Path.Combine(root, "shared"), Path.Combine(host, "shared"));
        return root;
    }

    private static Outcome Run(Sandbox sandbox, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" };
        start.Environment.Clear();
        start.Environment["HOME"] = sandbox.Root;
        start.Environment["DOTNET_ROOT"] = sandbox.PathOf("runtime");
        start.Environment["PATH"] = "/usr/bin:/bin";
        using var process = Process.Start(start)!;
        return Sandbox.End(process);
    }

    private static Dictionary<string, string> Data(Sandbox sandbox, string folder) =>
        Directory.EnumerateFiles(sandbox.PathOf(folder), "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(sandbox.PathOf(folder), file))
            .Where(file => !file.StartsWith('.'))
            .ToDictionary(file => file, file => Convert.ToHexString(File.ReadAllBytes(Path.Combine(sandbox.PathOf(folder), file))));
}
