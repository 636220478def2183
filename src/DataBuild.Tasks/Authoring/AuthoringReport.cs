using DataBuild.Engine.Diagnostics;
using DataBuild.V1;

namespace DataBuild.Tasks.Authoring;

/// <summary>Everything that is wrong with how the project is written, in the order found.</summary>
internal sealed class AuthoringReport
{
    private readonly List<Diagnostic> _diagnostics = [];

    public IReadOnlyList<Diagnostic> Diagnostics => _diagnostics;

    public bool HasErrors => _diagnostics.Exists(diagnostic => diagnostic.Severity == Severity.Error);

    public void Add(DiagnosticRule rule, string text, Origin origin) => _diagnostics.Add(rule.At(text, origin));

    public void Add(DiagnosticRule rule, string text, XmlPlace place)
    {
        var diagnostic = rule.At(text);
        diagnostic.File = place.File;
        diagnostic.Line = place.Line;
        diagnostic.Column = place.Column;
        _diagnostics.Add(diagnostic);
    }
}
