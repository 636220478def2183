using System.Text.RegularExpressions;

namespace DataBuild.Repository.Tests;

public sealed partial class StructureTests
{
    /// <summary>Which namespaces of the engine each of its folders may name. Folders cannot enforce it, this does.</summary>
    private static readonly Dictionary<string, string[]> mayUse = new(StringComparer.Ordinal)
    {
        ["Diagnostics"] = [],
        ["Graph"] = ["Diagnostics"],
        ["State"] = ["Diagnostics", "Graph"],
        ["Ports"] = ["Diagnostics"],
        ["Reconciling"] = ["Diagnostics", "Graph", "State", "Ports"],
        ["Log"] = ["Diagnostics", "Graph", "Ports"],
        ["Execution"] = ["Diagnostics", "Graph", "Ports"],
        ["Files"] = ["Diagnostics", "Graph", "Ports"],
        ["Hosting"] = ["Diagnostics", "Graph", "State", "Ports", "Reconciling", "Log", "Execution", "Files"],
    };

    private static readonly string[] impure =
    [
        "System.IO;", "File.", "Directory.", "DateTime.Now", "DateTime.UtcNow", "DateTimeOffset.Now", "DateTimeOffset.UtcNow", "TimeProvider",
        "Guid.NewGuid", "new Random", "Random.Shared", "Stopwatch", "Environment.", "Console.", "Thread.", "Task.", "TimeZoneInfo", "Microsoft.Data",
    ];

    public static TheoryData<string> Folders => new(mayUse.Keys);

    [Theory]
    [MemberData(nameof(Folders))]
    public void A_folder_of_the_engine_names_only_what_it_may(string folder)
    {
        foreach (string file in Checkout.Files($"src/DataBuild.Engine/{folder}", "*.cs"))
        {
            var named = EngineNamespace().Matches(Checkout.Read(file)).Select(match => match.Groups[1].Value).Where(name => name != folder && mayUse.ContainsKey(name));
            Assert.All(named, name => Assert.True(mayUse[folder].Contains(name), $"{file} names DataBuild.Engine.{name}"));
        }
    }

    [Fact]
    public void Every_folder_of_the_engine_has_a_rule() => Assert.All(
        Directory.EnumerateDirectories(Path.Combine(Checkout.Root, "src/DataBuild.Engine")).Select(Path.GetFileName).Where(name => name is not ("bin" or "obj")),
        name => Assert.Contains(name, mayUse.Keys));

    [Theory]
    [InlineData("Graph")]
    [InlineData("State")]
    [InlineData("Reconciling")]
    public void The_core_reads_no_clock_no_randomness_and_no_file(string folder)
    {
        foreach (string file in Checkout.Files($"src/DataBuild.Engine/{folder}", "*.cs"))
        {
            string code = Comment().Replace(Checkout.Read(file), "");
            Assert.All(impure, name => Assert.False(Regex.IsMatch(code, $@"(?<![\w.]){Regex.Escape(name)}"), $"{file} names {name}"));
        }
    }

    [Fact]
    public void Tasks_never_reference_the_engine() =>
        Assert.DoesNotContain("DataBuild.Engine.csproj", Checkout.Read("src/DataBuild.Tasks/DataBuild.Tasks.csproj"), StringComparison.Ordinal);

    /// <summary>It asks the questions that verbs ask, and hands on commands: it decides nothing and opens nothing.</summary>
    [Fact]
    public void The_service_names_only_what_hosts_and_answers()
    {
        string[] may = ["Diagnostics", "Hosting", "Ports", "Log", "State"];
        foreach (string file in Checkout.Files("src/DataBuild.Service", "*.cs"))
        {
            var named = EngineNamespace().Matches(Checkout.Read(file)).Select(match => match.Groups[1].Value).Where(mayUse.ContainsKey);
            Assert.All(named, name => Assert.True(may.Contains(name), $"{file} names DataBuild.Engine.{name}"));
        }
    }

    [Fact]
    public void The_tool_loads_nothing_of_the_service() => Assert.All(
        new[] { "src/DataBuild.Cli/DataBuild.Cli.csproj", "src/DataBuild.Engine/DataBuild.Engine.csproj" },
        file => Assert.DoesNotMatch(@"AspNetCore|Grpc\.Asp|DataBuild\.Service\.csproj", Checkout.Read(file)));

    [Fact]
    public void No_project_file_pins_a_package_version_of_its_own() => Assert.All(
        Checkout.Files("src", "*.csproj").Concat(Checkout.Files("tests", "*.csproj")).Where(file => !file.Contains("/templates/", StringComparison.Ordinal)),
        file => Assert.DoesNotMatch("<PackageReference[^>]* Version=", Checkout.Read(file)));

    [Fact]
    public void Nothing_is_left_unfinished_in_silence() => Assert.All(
        Checkout.Files("src", "*.cs"),
        file => Assert.DoesNotMatch(@"NotImplementedException|\bTODO\b|\bFIXME\b|\bHACK\b|catch\s*\{\s*\}", Checkout.Read(file)));

    [GeneratedRegex(@"DataBuild\.Engine\.([A-Z]\w+)")]
    private static partial Regex EngineNamespace();

    [GeneratedRegex(@"//.*")]
    private static partial Regex Comment();
}
