using System.Text.RegularExpressions;

namespace DataBuild.Repository.Tests;

/// <summary>
/// A code block below <c>&lt;!-- from: FILE --&gt;</c> is a part of that file, word for word. In the samples' READMEs every block of code is
/// one; what they show of a console is run by <see cref="ConsoleTests"/>.
/// </summary>
public sealed partial class SnippetTests
{
    private static readonly string[] code = ["xml", "sh", "python", "csharp"];

    public static TheoryData<string> Pages => [.. Checkout.Files("docs", "*.md").Concat(Checkout.Files("samples", "*.md")).Append("README.md").Order(StringComparer.Ordinal)];

    public static TheoryData<string> Readmes => [.. Checkout.Files("samples", "README.md").Where(page => page.Count(c => c == '/') == 2).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Pages))]
    public void What_a_page_shows_of_a_file_is_in_that_file(string page)
    {
        string text = Checkout.Read(page);
        var snippets = Snippet().Matches(text);
        foreach (Match snippet in snippets)
        {
            string file = snippet.Groups["file"].Value;
            Assert.True(File.Exists(Path.Combine(Checkout.Root, file)), $"{page} shows a part of {file}, which is not there");
            Assert.True(("\n" + Checkout.Read(file)).Contains("\n" + snippet.Groups["code"].Value, StringComparison.Ordinal), $"{page} shows of {file} what is not in it:\n{snippet.Groups["code"].Value}");
        }

        Assert.Equal(Regex.Count(text, "<!-- from:"), snippets.Count);
    }

    [Theory]
    [MemberData(nameof(Readmes))]
    public void Every_block_of_code_in_a_samples_README_says_which_file_it_is_from(string page)
    {
        string text = Checkout.Read(page);
        var marked = Snippet().Matches(text).Select(snippet => snippet.Groups["code"].Index).ToHashSet();
        var blocks = Block().Matches(text).Where(block => code.Contains(block.Groups["language"].Value)).ToList();

        Assert.NotEmpty(blocks);
        Assert.All(blocks, block => Assert.True(marked.Contains(block.Groups["code"].Index), $"{page} shows code without <!-- from: FILE --> above it:\n{block.Groups["code"].Value}"));
    }

    [GeneratedRegex(@"^<!-- from: (?<file>\S+) -->\n```\w+\n(?<code>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Snippet();

    [GeneratedRegex(@"^```(?<language>\w*)\n(?<code>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();
}
