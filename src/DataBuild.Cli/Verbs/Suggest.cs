using System.CommandLine;
using System.Globalization;
using DataBuild.Cli.Output;
using DataBuild.Engine.Hosting.Queries;

namespace DataBuild.Cli.Verbs;

/// <summary>Answers the shells' scripts: `databuild "[suggest:POSITION]" LINE`, one value a line, as System.CommandLine's own directive.</summary>
internal static class Suggest
{
    public static int Run(Command root, string directive, string line)
    {
        int colon = directive.IndexOf(':', StringComparison.Ordinal);
        int position = colon >= 0 && int.TryParse(directive[(colon + 1)..].TrimEnd(']'), NumberStyles.None, CultureInfo.InvariantCulture, out int given) ? Math.Min(given, line.Length) : line.Length;
        string written = line[..position];

        // What it was called by is no argument: a path, an alias.
        int space = written.IndexOf(' ', StringComparison.Ordinal);
        string arguments = space < 0 ? "" : written[(space + 1)..];
        bool isOption = written.Split(' ')[^1].StartsWith('-');
        var all = root.Parse(arguments).GetCompletions(arguments.Length).Select(item => item.InsertText ?? item.Label).Distinct(StringComparer.Ordinal).ToList();

        // Help has names beside --help that are for another system's habits.
        var values = all.Where(value => value.StartsWith('-') == isOption && !value.StartsWith('/')).ToList();
        using var page = Page.Plain();
        foreach (string value in values.Take(Suggestions.Most))
        {
            page.Line(value);
        }

        return ExitCodes.Success;
    }
}
