using System.Globalization;
using System.Text.RegularExpressions;
using DataBuild.Engine.Diagnostics;
using DataBuild.V1;

namespace DataBuild.Engine.Execution.Output;

/// <summary>
/// Lines by which compilers and linters point at a place in a file: <c>file(line,column): warning X1: text</c> as MSBuild's tools do,
/// <c>file:line:column: error: text</c> as Unix ones do. A line without a place is no more than output.
/// </summary>
internal static class CompilerLine
{
    private const string Verdict = @":\s*(?:fatal )?(?<severity>error|warning)(?:\s+(?<code>[A-Za-z_][A-Za-z0-9_.-]*))?\s*:\s*(?<text>.*\S)\s*$";

    // Not backtracking: a job may print anything, and no line may cost more than its length.
    private static readonly Regex Microsofts = New(@"^\s*(?<file>[^\s(][^(]*)\((?<line>\d{1,9})(?:,(?<column>\d{1,9}))?(?:[-,][\d,-]*)?\)\s*");
    private static readonly Regex Unixs = New(@"^(?<file>[^\s:][^:]*):(?<line>\d{1,9})(?::(?<column>\d{1,9}))?");

    public static Diagnostic? Parse(string line)
    {
        var match = Microsofts.Match(line);
        if (!match.Success)
        {
            match = Unixs.Match(line);
        }

        return match.Success
            ? new Diagnostic
            {
                Code = match.Groups["code"].Value,
                Severity = match.Groups["severity"].ValueSpan is "error" ? Severity.Error : Severity.Warning,
                Text = PlainText.Last(match.Groups["text"].Value, 2048),
                File = match.Groups["file"].Value.Trim(),
                Line = Number(match.Groups["line"]),
                Column = Number(match.Groups["column"]),
            }
            : null;
    }

    private static Regex New(string place) =>
        new(place + Verdict, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture);

    private static int Number(Group group) =>
        group.Success ? int.Parse(group.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture) : 0;
}
