using DataBuild.Tasks.Ci;
using DataBuild.Tasks.Positions;
using DataBuild.V1;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace DataBuild.Tasks;

/// <summary>Diagnostics as MSBuild's errors and warnings, with place, code and link; and as annotations, where a CI system takes them.</summary>
/// <param name="log">The task's.</param>
/// <param name="positions">Where things were written.</param>
/// <param name="helpRoot">The page with a heading a code; empty for no links.</param>
/// <param name="annotations">Null for none.</param>
/// <param name="isError">Whether the caller wants the warning of a code to be an error; null if nobody says.</param>
internal sealed class DiagnosticLogger(
    TaskLoggingHelper log, OriginPositions positions, string helpRoot, CiAnnotations? annotations = null, Func<string, bool>? isError = null)
{
    public void Log(Diagnostic diagnostic)
    {
        var place = positions.Of(diagnostic);

        // One line: the console repeats its prefix on each further one.
        var text = diagnostic.Text.Replace("\r", "").Replace('\n', ' ');
        var code = diagnostic.Code.Length == 0 ? null : diagnostic.Code;
        switch (diagnostic.Severity)
        {
            case Severity.Error:
                log.LogError(null, code, code, HelpLink(code), place.File, place.Line, place.Column, 0, 0, "{0}", text);
                break;
            case Severity.Warning:
                log.LogWarning(null, code, code, HelpLink(code), place.File, place.Line, place.Column, 0, 0, "{0}", text);
                break;
            default:
                log.LogMessage(null, code, code, place.File, place.Line, place.Column, 0, 0, MessageImportance.Normal, "{0}", text);
                return;
        }

        var failsTheBuild = diagnostic.Severity == Severity.Error || (code is not null && isError?.Invoke(code) == true);
        annotations?.Add(new CiIssue(failsTheBuild, diagnostic.Code, text, place.File, place.Line, place.Column));
    }

    /// <summary>-warnaserror and its like, as far as this MSBuild tells.</summary>
    public static Func<string, bool>? Asked(IBuildEngine engine) => engine is IBuildEngine8 asked ? asked.ShouldTreatWarningAsError : null;

    private string? HelpLink(string? code) =>
        helpRoot.Length == 0 || code is null || !code.StartsWith("DBLD", StringComparison.Ordinal) ? null : $"{helpRoot}#{code.ToLowerInvariant()}";
}
