using System.Globalization;
using System.Linq;
using System.Text;
using DataBuild.V1;

namespace DataBuild.Engine.Diagnostics;

public static class DiagnosticRuleExtensions
{
    /// <summary>An occurrence of the rule at a declaration. It is one line, whatever it quotes.</summary>
    public static Diagnostic At(this DiagnosticRule rule, string text, Origin? origin = null) =>
        new() { Code = rule.Code, Severity = rule.Severity, Text = InOneLine(text), Origin = origin };

    /// <summary>With its control characters written out: a text that is quoted may hold anything.</summary>
    internal static string InOneLine(string text)
    {
        if (!text.Any(MustBeWritten))
        {
            return text;
        }

        var line = new StringBuilder(text.Length + 16);
        foreach (var c in text)
        {
            _ = c switch
            {
                '\n' => line.Append("\\n"),
                '\r' => line.Append("\\r"),
                '\t' => line.Append("\\t"),
                _ when MustBeWritten(c) => line.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture)),
                _ => line.Append(c),
            };
        }

        return line.ToString();
    }

    private static bool MustBeWritten(char c) => char.IsControl(c) || c is '\u2028' or '\u2029';
}
