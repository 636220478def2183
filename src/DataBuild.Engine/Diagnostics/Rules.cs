using System.Reflection;

namespace DataBuild.Engine.Diagnostics;

/// <summary>
/// The catalogue of all diagnostics, one partial file a range: 1xxx authoring, 2xxx tasks and finding the engine, 3xxx graph,
/// 4xxx wants and reconciling, 5xxx runs, 6xxx log and storage.
/// </summary>
public static partial class Rules
{
    public static IReadOnlyList<DiagnosticRule> All { get; } =
        [.. typeof(Rules).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Where(field => field.FieldType == typeof(DiagnosticRule))
            .Select(field => (DiagnosticRule)field.GetValue(null)!)
            .OrderBy(rule => rule.Code, StringComparer.Ordinal)];
}
