using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using DataBuild.Engine.Diagnostics;
using Microsoft.Build.Framework;

namespace DataBuild.Tasks.Authoring;

/// <summary>
/// What MSBuild changes silently before a task sees it: a want with a wildcard is no item at all, `%ad` in a command is U+00AD,
/// `$(date)` is nothing. Only the files as written show it.
/// </summary>
internal sealed class RawXmlChecks(ITaskItem[] jobs, Func<string, bool> isDefinedProperty, AuthoringReport report)
{
    /// <summary>Characters that MSBuild gives a meaning of their own, so that escaping them can be meant: $ % ' ( ) * ; ? @ \.</summary>
    private static readonly HashSet<string> MeantEscapes = new(StringComparer.OrdinalIgnoreCase)
    {
        "%24", "%25", "%27", "%28", "%29", "%2A", "%3B", "%3F", "%40", "%5C",
    };

    private static readonly Regex Escape = new("%[0-9A-Fa-f]{2}", RegexOptions.CultureInvariant);
    private static readonly Regex Property = new(@"\$\(([A-Za-z_][A-Za-z0-9_-]*)\)", RegexOptions.CultureInvariant);
    private static readonly Regex Expression = new(@"[$@%]\([^)]*\)", RegexOptions.CultureInvariant);

    public void Check(IEnumerable<ProjectXml> files)
    {
        foreach (var file in files)
        {
            foreach (var type in GraphItems.Types)
            {
                foreach (var item in file.Items(type))
                {
                    CheckInclude(file.File, type, item);
                }
            }

            foreach (var job in file.Items(GraphItems.Job))
            {
                CheckCommand(file.File, job, "Command");
                CheckCommand(file.File, job, "Arguments");
            }
        }
    }

    private void CheckInclude(string file, string type, XElement item)
    {
        if (item.Attribute("Include") is not { } include)
        {
            return;
        }

        // What is computed is not what is written: $(X.Replace('\', '/')) has no backslash in its value.
        var literal = Expression.Replace(include.Value, "");
        var place = XmlPlace.Of(file, include);
        if (literal.IndexOfAny(['*', '?']) is var wildcard and >= 0)
        {
            report.Add(Rules.WildcardInInclude,
                $"{type} '{include.Value}' has a '{literal[wildcard]}', which MSBuild takes for a search for files; write placeholders and sets in braces, as in 'daily/{{date}}' or 'daily/{{2001-01-01..2001-03-31}}'",
                place);
        }
        else if (literal.IndexOf('\\') >= 0)
        {
            report.Add(Rules.BackslashInInclude,
                $"{type} '{include.Value}' has a backslash, which MSBuild keeps on some systems and changes on others; write '{include.Value.Replace('\\', '/')}'",
                place);
        }
    }

    private void CheckCommand(string file, XElement job, string name)
    {
        var attribute = job.Attribute(name);
        var element = job.Elements().FirstOrDefault(child => child.Name.LocalName == name);
        var raw = attribute?.Value ?? element?.Value;
        if (raw is null)
        {
            return;
        }

        var place = XmlPlace.Of(file, (IXmlLineInfo?)attribute ?? element!);
        var label = job.Attribute("Include")?.Value ?? job.Attribute("Update")?.Value ?? "";
        var evaluated = Evaluated(label, name);

        if (raw.Contains("@("))
        {
            Add(Rules.ItemListInCommand, "'@(' begins a list of items", "%40(");
        }

        var escape = Escape.Matches(raw).Cast<Match>().FirstOrDefault(match => !MeantEscapes.Contains(match.Value));
        if (escape is not null)
        {
            Add(Rules.EscapeInCommand, $"'{escape.Value}' is one character, U+00{escape.Value.Substring(1).ToUpperInvariant()}", "%25" + escape.Value.Substring(1));
        }

        foreach (var property in UndefinedProperties(raw, evaluated))
        {
            Add(Rules.UndefinedPropertyInCommand, $"there is no property '{property}'", $"%24({property})");
        }

        if (evaluated is not null && Count(Expression.Replace(raw, ""), '\\') > Count(evaluated, '\\'))
        {
            Add(Rules.BackslashChangedInCommand, "MSBuild took it for a path", "%5C");
        }

        void Add(DiagnosticRule rule, string why, string cure) => report.Add(rule,
            $"{name} of job '{label}' is written '{raw}'" + (evaluated is null ? "" : $" and reaches the job as '{evaluated}'") +
            $": {why}; for the literal text write '{cure}'", place);
    }

    /// <summary>
    /// Looking a property up costs an evaluation of the project. It is needed only if one of the references may have become
    /// nothing: an undefined property always does.
    /// </summary>
    private IEnumerable<string> UndefinedProperties(string raw, string? evaluated)
    {
        var names = Property.Matches(raw).Cast<Match>().Select(match => match.Groups[1].Value).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        if (names.Count == 0 || evaluated is null || Regex.IsMatch(evaluated, AllPresent(raw), RegexOptions.CultureInvariant | RegexOptions.Singleline))
        {
            return [];
        }

        return names.Where(name => !isDefinedProperty(name));
    }

    /// <summary>Matches the value that the text gets if each property in it is something.</summary>
    private static string AllPresent(string raw) =>
        "^" + string.Join(".+", Property.Split(raw).Where((_, index) => index % 2 == 0).Select(Regex.Escape)) + "$";

    /// <summary>The value the job got, if there is exactly one job of that label; else null, and only the written text is judged.</summary>
    private string? Evaluated(string label, string name)
    {
        var matching = jobs.Where(job => job.ItemSpec == label).ToList();
        return matching.Count == 1 ? matching[0].GetMetadata(name) : null;
    }

    private static int Count(string text, char character) => text.Count(candidate => candidate == character);
}
