using Microsoft.Build.Framework;

namespace DataBuild.Tasks;

/// <summary>The global properties of the project that a task runs in.</summary>
internal static class GlobalProperties
{
    /// <summary>Empty where MSBuild is too old to tell.</summary>
    public static IDictionary<string, string> Of(IBuildEngine engine) =>
        engine is IBuildEngine6 telling
            ? telling.GetGlobalProperties().ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.OrdinalIgnoreCase)
            : new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
}
