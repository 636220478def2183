using System.Globalization;
using System.Text;
using DataBuild.Engine.Diagnostics;
using DataBuild.V1;

namespace DataBuild.Engine.Execution.Messages;

/// <summary>
/// The form of a message that a shell script can print: <c>databuild:missing-deps REF...</c>, <c>databuild:read-deps REF...</c>,
/// <c>databuild:progress 0.4 text</c>. A ref with a blank in it needs the JSON form.
/// </summary>
internal static class MessageLine
{
    private static readonly char[] Blanks = [' ', '\t'];

    /// <summary>What such a line begins with, at its very start.</summary>
    public static ReadOnlySpan<byte> Prefix => "databuild:"u8;

    /// <summary>The message, or null with the rule that the line breaks and how.</summary>
    public static JobMessage? Parse(ReadOnlySpan<byte> line, out DiagnosticRule rule, out string problem)
    {
        var text = Encoding.UTF8.GetString(line[Prefix.Length..]);
        var end = text.IndexOfAny(Blanks);
        var verb = end < 0 ? text : text[..end];
        var rest = end < 0 ? "" : text[end..].Trim(Blanks);
        rule = Rules.BadMessageValue;
        problem = "";
        switch (verb)
        {
            case "missing-deps":
                return new JobMessage { MissingDeps = new MissingDeps { Refs = { Words(rest) } } };
            case "read-deps":
                return new JobMessage { ReadDeps = new ReadDeps { Refs = { Words(rest) } } };
            case "progress":
                var fractionEnd = rest.IndexOfAny(Blanks);
                var number = fractionEnd < 0 ? rest : rest[..fractionEnd];
                if (!double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var fraction))
                {
                    problem = "progress needs a number from 0 to 1 first";
                    return null;
                }

                return new JobMessage { Progress = new Progress { Fraction = fraction, Text = fractionEnd < 0 ? "" : rest[fractionEnd..].Trim(Blanks) } };
            default:
                rule = Rules.UnknownMessage;
                problem = "the known verbs are missing-deps, read-deps and progress";
                return null;
        }
    }

    private static string[] Words(string text) => text.Split(Blanks, StringSplitOptions.RemoveEmptyEntries);
}
