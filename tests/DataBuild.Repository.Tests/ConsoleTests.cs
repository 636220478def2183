using System.Text.RegularExpressions;

namespace DataBuild.Repository.Tests;

/// <summary>What pages show of a console is done as they say, in a copy elsewhere.</summary>
public sealed partial class ConsoleTests
{
    private const string QuickStart = "docs/quick-start.md";

    public static TheoryData<string> Samples =>
        [.. Checkout.Files("samples", "README.md").Where(ConsoleBlocks.Has).Select(page => page.Split('/')[1]).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_samples_README_shows_what_its_commands_print(string sample)
    {
        using var workplace = new Workplace([.. Checkout.Files($"samples/{sample}", "*"), "samples/Directory.Build.props"]);

        ConsoleBlocks.Check($"samples/{sample}/README.md", workplace);
    }

    [Fact]
    public void The_quick_start_by_hand_does_what_it_says()
    {
        using var workplace = new Workplace([]);
        var files = WrittenFile().Matches(Checkout.Read(QuickStart));
        Assert.NotEmpty(files);
        foreach (Match file in files)
        {
            workplace.Write(file.Groups["name"].Value, file.Groups["text"].Value);
        }

        ConsoleBlocks.Check(QuickStart, workplace);
    }

    [GeneratedRegex(@"^<!-- file: (?<name>\S+) -->\n```\w+\n(?<text>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex WrittenFile();
}
