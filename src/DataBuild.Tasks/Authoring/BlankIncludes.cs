using System.Text.RegularExpressions;
using System.Xml.Linq;
using DataBuild.Engine.Diagnostics;

namespace DataBuild.Tasks.Authoring;

/// <summary>
/// Items that MSBuild drops without a word, because their Include is blank or names a property that there is not: a want that nobody
/// ever builds. An Include that stands under a condition or in a target may be nothing by intent, and is left alone.
/// </summary>
internal sealed class BlankIncludes(GraphItems items, Func<string, bool> isDefinedProperty, AuthoringReport report)
{
    private static readonly Regex Property = new(@"\$\(([A-Za-z_][A-Za-z0-9_-]*)\)", RegexOptions.CultureInvariant);

    public void Check(IEnumerable<ProjectXml> files)
    {
        foreach (var file in files.Where(file => !file.MayBeLeftOut))
        {
            foreach (var (type, list) in items.ByType)
            {
                foreach (var item in file.Items(type).Where(item => !item.AncestorsAndSelf().Any(MayBeLeftOut)))
                {
                    if (item.Attribute("Include") is { } include)
                    {
                        Check(file.File, type, include, list.Select(known => known.ItemSpec));
                    }
                }
            }
        }
    }

    private static bool MayBeLeftOut(XElement element) => element.Attribute("Condition") is not null || element.Name.LocalName is "Target" or "When" or "Otherwise";

    private void Check(string file, string type, XAttribute include, IEnumerable<string> made)
    {
        var place = XmlPlace.Of(file, include);
        if (string.IsNullOrWhiteSpace(include.Value))
        {
            report.Add(Rules.IncludeOfNothing, $"the Include of this {type} is blank, and MSBuild makes no item of it; write what it stands for, or remove it", place);
            return;
        }

        // Asking for a property costs an evaluation: only where an item is missing, which an undefined property may have cost.
        var names = Property.Matches(include.Value).Cast<Match>().Select(match => match.Groups[1].Value).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        if (names.Count == 0 || include.Value.Split(';').Select(part => part.Trim()).All(part => IsMade(part, made)))
        {
            return;
        }

        foreach (var name in names.Where(name => !isDefinedProperty(name)))
        {
            report.Add(Rules.IncludeOfNothing,
                $"{type} '{include.Value}' names the property '{name}', which is not defined, so that nothing stands in its place; correct the name or define it, or give the item Condition=\"'$({name})' != ''\"", place);
        }
    }

    /// <summary>An item may be what became of this text, each property in it being something. Of a text of nothing but properties that cannot be told.</summary>
    private static bool IsMade(string part, IEnumerable<string> made)
    {
        if (part.Length == 0)
        {
            return true;
        }

        var pattern = new Regex(AllPresent(part), RegexOptions.CultureInvariant | RegexOptions.Singleline);
        return Property.Replace(part, "").Trim().Length > 0 && made.Any(pattern.IsMatch);
    }

    /// <summary>Matches what the text becomes if each property in it is something.</summary>
    private static string AllPresent(string raw) =>
        "^" + string.Join(".+", Property.Split(raw).Where((_, index) => index % 2 == 0).Select(Regex.Escape)) + "$";
}
