using System.Text.RegularExpressions;

namespace DataBuild.Repository.Tests;

/// <summary>
/// The console blocks of a page, word for word: each command is run, in order, and prints what the page says. A page may leave lines
/// out, such as MSBuild's own, but shows none that isn't printed.
/// </summary>
internal static partial class ConsoleBlocks
{
    public static bool Has(string page) => Console().IsMatch(Checkout.Read(page));

    public static void Check(string page, Workplace workplace)
    {
        foreach (Match block in Console().Matches(Checkout.Read(page)))
        {
            bool runsVary = block.Groups["vary"].Success;
            foreach (var (command, shown) in Commands(block.Groups["text"].Value))
            {
                string printed = workplace.Run(command);
                string[] lines = [.. printed.Split('\n').Select(line => Comparable(line, runsVary))];
                int from = 0;
                foreach (string line in shown)
                {
                    int at = Array.IndexOf(lines, Comparable(line, runsVary), from);
                    Assert.True(at >= 0, $"{page}: `{command}` does not print this, or not at this place:\n{line}\nIt prints:\n{printed}");
                    from = at + 1;
                }
            }
        }
    }

    /// <summary>Each command, which stands behind a "$ ", with the lines that are shown below it.</summary>
    private static List<(string Command, List<string> Shown)> Commands(string block)
    {
        List<(string Command, List<string> Shown)> commands = [];
        foreach (string line in block.TrimEnd('\n').Split('\n'))
        {
            if (line.StartsWith("$ ", StringComparison.Ordinal))
            {
                commands.Add((line[2..], []));
            }
            else
            {
                commands[^1].Shown.Add(line);
            }
        }

        return commands;
    }

    /// <summary>A line without what differs from run to run: durations, ids, numbers of events; where the page says so, numbers of runs.</summary>
    private static string Comparable(string line, bool runsVary)
    {
        line = Varying().Replace(line.Trim(), "#");
        line = runsVary ? Runs().Replace(line, "# runs") : line;
        return Regex.Replace(line, " +", " ");
    }

    [GeneratedRegex(@"(?<vary><!-- the numbers of runs differ [^>]*-->\n)?^```console\n(?<text>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Console();

    [GeneratedRegex(@"\d+\.\d+s|(?<=event )\d+|[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f-]{21}|(?<=in none of )\d+")]
    private static partial Regex Varying();

    [GeneratedRegex(@"\d+ runs?\b")]
    private static partial Regex Runs();
}
