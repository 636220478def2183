using System.Text.RegularExpressions;

namespace DataBuild.MSBuild.Tests.Verbs;

/// <summary>
/// What a build prints, word for word, as approved in the folder Console and shown in docs/msbuild.md. What differs from run to run is
/// masked. With DATABUILD_ACCEPT=1 both are written anew.
/// </summary>
public sealed partial class ConsoleTests
{
    private static readonly string Repository = Sandbox.Known("Repository");

    [Fact]
    public void The_console_says_what_is_approved_and_documented()
    {
        using var sandbox = Pages.New();

        // Batches are made of what is ready, so that their number is a matter of time.
        sandbox.WriteProject(Pages.Items.Replace(" BatchSize=\"10\"", "", StringComparison.Ordinal));
        Approve("first-build", sandbox, sandbox.Dotnet("build", "-tl:off", "-nologo").Succeeded());
        Approve("no-op", sandbox, sandbox.Dotnet("build", "-tl:off", "-nologo").Succeeded());

        var page = sandbox.Read("jobs/page.sh");
        sandbox.Write("jobs/page.sh", "if [ \"$1\" = page/2.txt ]; then echo 'the printer is out of ink' >&2; exit 3; fi\n" + page);
        Approve("one-failure", sandbox, sandbox.Dotnet("build", "-tl:off", "-nologo").Failed());

        sandbox.Write("jobs/page.sh", page);
        sandbox.Write("jobs/split.sh", "if [ \"$1\" = word/2 ]; then echo \"words.txt line 2: '$(sed -n 2p words.txt)' is no word\" >&2; exit 4; fi\n" + sandbox.Read("jobs/split.sh"));
        Approve("upstream-failure", sandbox, sandbox.Dotnet("build", "-tl:off", "-nologo").Failed());
    }

    private static void Approve(string name, Sandbox sandbox, Outcome outcome)
    {
        var file = Path.Combine(Repository, "tests/DataBuild.MSBuild.Tests/Verbs/Console", name + ".txt");
        var page = Path.Combine(Repository, "docs/msbuild.md");
        var said = Masked(outcome.Output, sandbox.Root);
        var block = $"<!-- console: {name} -->\n```\n{said}```\n";
        var documented = File.ReadAllText(page);
        if (Environment.GetEnvironmentVariable("DATABUILD_ACCEPT") == "1")
        {
            File.WriteAllText(file, said);
            File.WriteAllText(page, Regex.Replace(documented, $"<!-- console: {name} -->\n```\n.*?```\n", block.Replace("$", "$$", StringComparison.Ordinal), RegexOptions.Singleline));
            return;
        }

        Assert.Equal(File.ReadAllText(file), said);
        Assert.Contains(block, documented, StringComparison.Ordinal);
    }

    /// <summary>Without folders, ids and times; durations in the table are as wide as they are, so that blanks before them go too.</summary>
    private static string Masked(string text, string root)
    {
        text = text.ReplaceLineEndings("\n").Replace(root, "/home/ann/pages", StringComparison.Ordinal);
        text = Runs().Replace(text, "runs/01a2…");
        text = Restored().Replace(text, "(in 0.3 sec)");
        text = Elapsed().Replace(text, "Time Elapsed 00:00:02.10");
        text = TableTime().Replace(text, "     0.1s");
        return Seconds().Replace(text, "0.2s");
    }

    [GeneratedRegex("runs/[0-9a-f-]{36}")]
    private static partial Regex Runs();

    [GeneratedRegex(@"\(in [^)]*\)")]
    private static partial Regex Restored();

    [GeneratedRegex("Time Elapsed [0-9:.]+")]
    private static partial Regex Elapsed();

    [GeneratedRegex(@"(?<=runs?) +[0-9]+\.[0-9]s$", RegexOptions.Multiline)]
    private static partial Regex TableTime();

    [GeneratedRegex(@"(?<=[(, ])[0-9]+\.[0-9]s(?=[;)])")]
    private static partial Regex Seconds();
}
