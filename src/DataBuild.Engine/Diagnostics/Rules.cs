using System.Reflection;

namespace DataBuild.Engine.Diagnostics;

/// <summary>
/// The catalogue of all diagnostics, one partial file a range: 1xxx authoring, 2xxx tasks and finding the engine, 3xxx graph,
/// 4xxx wants and reconciling, 5xxx runs, 6xxx log and storage.
/// </summary>
public static partial class Rules
{
    // Found when asked for: the fields of the other partial files may be initialised after those of this one.
    private static readonly Lazy<IReadOnlyList<DiagnosticRule>> Found = new(() =>
        [.. typeof(Rules).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Where(field => field.FieldType == typeof(DiagnosticRule))
            .Select(field => (DiagnosticRule)field.GetValue(null)!)
            .OrderBy(rule => rule.Code, StringComparer.Ordinal)]);

    public static IReadOnlyList<DiagnosticRule> All => Found.Value;
}
