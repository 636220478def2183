using DataBuild.V1;

namespace DataBuild.Engine.Diagnostics;

/// <summary>An error with a documented code. Anything else that is thrown is a bug and is reported as one.</summary>
public sealed class DataBuildException(DiagnosticRule rule, string text, Origin? origin = null, Exception? inner = null)
    : Exception(OneLine.Of(text), inner)
{
    public DiagnosticRule Rule { get; } = rule;

    public Origin? Origin { get; } = origin;

    public Diagnostic ToDiagnostic() => Rule.At(Message, Origin);
}
