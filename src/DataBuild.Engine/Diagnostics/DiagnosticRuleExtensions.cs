using DataBuild.V1;

namespace DataBuild.Engine.Diagnostics;

public static class DiagnosticRuleExtensions
{
    /// <summary>An occurrence of the rule at a declaration. It is one line, whatever it quotes.</summary>
    public static Diagnostic At(this DiagnosticRule rule, string text, Origin? origin = null) =>
        new() { Code = rule.Code, Severity = rule.Severity, Text = OneLine.Of(text), Origin = origin };
}
