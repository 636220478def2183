using DataBuild.V1;

namespace DataBuild.Engine.Diagnostics;

/// <summary>Continuous integration, from MSBuild's tasks as well: 2170-2179.</summary>
public static partial class Rules
{
    public static readonly DiagnosticRule SummaryNotWritten = new("DBLD2170", Severity.Warning,
        "The summary for the CI system could not be written",
        "The file that GITHUB_STEP_SUMMARY names, or the one for Azure Pipelines, cannot be written. Nothing else depends on it.",
        "Free space or make its folder writable; or set DataBuildCiAnnotations to false, and neither summary nor annotations are written.");
}
