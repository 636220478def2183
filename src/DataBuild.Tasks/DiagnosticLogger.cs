using DataBuild.Tasks.Positions;
using DataBuild.V1;
using Microsoft.Build.Utilities;

namespace DataBuild.Tasks;

/// <summary>Diagnostics as MSBuild's errors and warnings, with place, code and link.</summary>
internal sealed class DiagnosticLogger(TaskLoggingHelper log, OriginPositions positions, string helpRoot)
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
                log.LogMessage(null, code, code, place.File, place.Line, place.Column, 0, 0, Microsoft.Build.Framework.MessageImportance.Normal, "{0}", text);
                break;
        }
    }

    private string? HelpLink(string? code) =>
        helpRoot.Length == 0 || code is null || !code.StartsWith("DBLD", StringComparison.Ordinal) ? null : $"{helpRoot}#{code.ToLowerInvariant()}";
}
