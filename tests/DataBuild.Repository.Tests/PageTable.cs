using System.Text.RegularExpressions;

namespace DataBuild.Repository.Tests;

/// <summary>Tables and code blocks of a page.</summary>
internal static class PageTable
{
    /// <summary>The rows of the table whose heading begins with these columns, cells without backticks and with <c>\|</c> as it is shown.</summary>
    public static IReadOnlyList<string[]> Rows(string page, params string[] columns)
    {
        string[] lines = Checkout.Read(page).Split('\n');
        int heading = Array.FindIndex(lines, line => line.StartsWith("| " + string.Join(" | ", columns) + " |", StringComparison.Ordinal));
        Assert.True(heading >= 0, $"{page} has no table of {string.Join(", ", columns)}");
        return [.. lines.Skip(heading + 2).TakeWhile(line => line.StartsWith('|')).Select(Cells)];
    }

    /// <summary>The code blocks of one language, in order.</summary>
    public static IEnumerable<string> Blocks(string page, string language) =>
        Regex.Matches(Checkout.Read(page), $"^```{language}\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline).Select(match => match.Groups[1].Value);

    private static string[] Cells(string line) =>
        [.. Regex.Split(line.Trim().Trim('|'), @"(?<!\\)\|").Select(cell => cell.Trim().Trim('`').Replace("\\|", "|", StringComparison.Ordinal))];
}
