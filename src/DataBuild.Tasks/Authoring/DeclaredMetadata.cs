using System.Xml.Linq;
using DataBuild.Engine.Diagnostics;
using Microsoft.Build.Framework;

namespace DataBuild.Tasks.Authoring;

/// <summary>The metadata that the SDK declares for each item type, read from the one place where it does: the ItemDefinitionGroup.</summary>
internal sealed class DeclaredMetadata
{
    private readonly Dictionary<string, HashSet<string>> _names;

    public DeclaredMetadata(string declarations) =>
        _names = XDocument.Load(declarations).Root!
            .Elements("ItemDefinitionGroup").Elements()
            .ToDictionary(
                type => type.Name.LocalName,
                type => new HashSet<string>(type.Elements().Select(name => name.Name.LocalName), StringComparer.OrdinalIgnoreCase),
                StringComparer.Ordinal);

    public void Check(GraphItems items, Func<string, int, V1.Origin> originOf, AuthoringReport report)
    {
        foreach (var (type, list) in items.ByType)
        {
            var declared = _names[type];
            for (var index = 0; index < list.Length; index++)
            {
                foreach (var name in CustomMetadata(list[index]).Where(name => !declared.Contains(name)))
                {
                    var near = Nearest.To(name, declared);
                    report.Add(Rules.UnknownMetadata,
                        $"{type} '{list[index].ItemSpec}' has metadata '{name}', which means nothing here; " +
                        (near is null ? $"known are {string.Join(", ", declared.OrderBy(known => known, StringComparer.Ordinal))}" : $"did you mean '{near}'?"),
                        originOf(type, index));
                }
            }
        }
    }

    private static IEnumerable<string> CustomMetadata(ITaskItem item) =>
        item.CloneCustomMetadata().Keys.Cast<string>().OrderBy(name => name, StringComparer.Ordinal);
}
