using System.Diagnostics;
using System.Text.RegularExpressions;
using DataBuild.V1;
using Google.Protobuf;
using Kind = DataBuild.V1.JobMessage.MessageOneofCase;

namespace DataBuild.Jobs.Tests;

public sealed class DocsTests : IDisposable
{
    private static readonly string Page = File.ReadAllText(Repository.PathOf("docs/jobs.md")).ReplaceLineEndings("\n");

    private readonly TempFolder folder = new();

    [Fact]
    public void The_CSharp_on_the_page_is_the_one_that_is_compiled_here()
    {
        string compiled = Words(File.ReadAllText(Repository.PathOf("tests/DataBuild.Jobs.Tests/DocsExamples.cs")));
        string[] blocks = [.. Blocks("csharp")];

        Assert.Equal(2, blocks.Length);
        Assert.All(blocks, block => Assert.Contains("public " + Words(block[block.IndexOf("static void Define", StringComparison.Ordinal)..]), compiled, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_CSharp_does_what_the_page_says()
    {
        using var shop = new Workshop();
        shop.Data("raw/2001-02-01", "a\n\nb\n");
        shop.Data("raw/2001-02-02");
        await shop.RunAsync(DocsExamples.OneByOne.Define, ["clean"], ["clean/2001-02-01", "clean/2001-02-02"]);

        Assert.Equal("a\nb\n", File.ReadAllText(shop.OutputPath("clean/2001-02-01")));
        Assert.Equal("no line on 2001-02-02", shop.One("clean/2001-02-02", Kind.PartitionFailed).PartitionFailed.Reason);

        await shop.RunAsync(DocsExamples.OneByOne.Define, ["month"], ["month/2001-02"]);
        Assert.Equal(28, shop.One("month/2001-02", Kind.MissingDeps).MissingDeps.Refs.Count);

        shop.Data("all", "x\ny\nz\n");
        await shop.RunAsync(DocsExamples.AllAtOnce.Define, ["split"], ["split/0", "split/2"]);
        Assert.Equal("z", File.ReadAllText(shop.OutputPath("split/2")));
        Assert.Equal(["all"], shop.One("split/2", Kind.ReadDeps).ReadDeps.Refs);
    }

    [Fact]
    public void The_Python_asks_for_what_it_lacks_and_then_makes_it()
    {
        string script = folder.Write("weekly.py", Blocks("python").Single());
        string day = folder.Write("day.py", """
            import os, sys
            for ref in sys.argv[1:]:
                path = os.path.join(os.environ["DATABUILD_OUTPUT_ROOT"], ref)
                os.makedirs(os.path.dirname(path), exist_ok=True)
                open(path, "w").write(ref[-2:])
            """);
        var engine = new LittleEngine(folder);
        engine.Job("weekly", "weekly/", 31, ["python3", script]);
        engine.Job("daily", "daily/", 31, ["python3", day]);

        engine.Build("weekly/2001-01-07", "weekly/2001-01-08");

        Assert.Equal("35\n", File.ReadAllText(folder["data/weekly/2001-01-08"]));
        Assert.Equal([("weekly", 2, 75), ("daily", 8, 0), ("weekly", 2, 0)], engine.Runs);
        Assert.Equal(7, engine.Reads["weekly/2001-01-08"].Count);
    }

    [Fact]
    public void The_shell_script_does_the_same_by_printing()
    {
        string script = folder.Write("upper.sh", Blocks("sh").Single());
        (int, string) Run()
        {
            var start = new ProcessStartInfo("sh", [script, "upper/2001-01-01"]) { RedirectStandardOutput = true };
            start.Environment["DATABUILD_DATA_ROOT"] = folder["data"];
            start.Environment["DATABUILD_OUTPUT_ROOT"] = folder["out"];
            using Process process = Process.Start(start)!;
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output);
        }

        Assert.Equal((75, "databuild:missing-deps text/2001-01-01\n"), Run());
        folder.Write("data/text/2001-01-01", "abc");
        Assert.Equal((0, "databuild:read-deps text/2001-01-01\n"), Run());
        Assert.Equal("ABC", File.ReadAllText(folder["out/upper/2001-01-01"]));
    }

    [Fact]
    public void The_page_shows_every_message_in_its_right_form()
    {
        IEnumerable<Kind> shown = Blocks("json").Single().TrimEnd().Split('\n').Select(line => JsonParser.Default.Parse<JobMessage>(line).MessageCase);

        Assert.Equal(Enum.GetValues<Kind>().Where(kind => kind != Kind.None).Order(), shown.Order());
    }

    [Fact]
    public void The_page_names_every_member_that_a_job_calls()
    {
        string[] members = [.. typeof(PartitionIO).GetMethods().Where(method => method is { IsSpecialName: false } && method.DeclaringType == typeof(PartitionIO)).Select(method => method.Name).Distinct()];

        Assert.NotEmpty(members);
        Assert.All(members, member => Assert.Contains($"io.{member}(", Page, StringComparison.Ordinal));
    }

    [Fact]
    public void The_samples_README_shows_the_project_as_it_is()
    {
        string readme = File.ReadAllText(Repository.PathOf("samples/flights/README.md")).ReplaceLineEndings("\n");
        string project = File.ReadAllText(Repository.PathOf("samples/flights/flights.dbproj")).ReplaceLineEndings("\n");

        Assert.Contains($"```xml\n{project}```\n", readme, StringComparison.Ordinal);
    }

    public void Dispose() => folder.Dispose();

    private static IEnumerable<string> Blocks(string language) =>
        Regex.Matches(Page, $"^```{language}\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline).Select(match => match.Groups[1].Value);

    private static string Words(string text) => Regex.Replace(text, @"\s+", " ").Trim();
}
