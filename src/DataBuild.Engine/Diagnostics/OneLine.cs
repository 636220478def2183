using System.Globalization;
using System.Text;

namespace DataBuild.Engine.Diagnostics;

/// <summary>
/// What a message quotes was written by somebody else: a ref of two thousand characters, a line end in a name. Whatever it is, the message
/// stays one line that a terminal can show.
/// </summary>
internal static class OneLine
{
    /// <summary>Most characters without a blank between them that are shown whole. Longer than that no path or ref is by intent.</summary>
    private const int LongestWord = 400;

    private const int Head = 120;
    private const int Tail = 60;

    public static string Of(string text)
    {
        var line = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length;)
        {
            var end = text.IndexOf(' ', at);
            end = end < 0 ? text.Length : end + 1;
            if (end - at > LongestWord)
            {
                Append(line, text, at, at + Head);
                line.Append("...");
                Append(line, text, end - Tail, end);
            }
            else
            {
                Append(line, text, at, end);
            }

            at = end;
        }

        return line.ToString();
    }

    private static void Append(StringBuilder line, string text, int from, int to)
    {
        for (var i = from; i < to; i++)
        {
            var c = text[i];
            if (!char.IsControl(c) && c is not ('\u2028' or '\u2029'))
            {
                line.Append(c);
            }
            else
            {
                line.Append(c switch { '\n' => "\\n", '\r' => "\\r", '\t' => "\\t", _ => "\\u" + ((int)c).ToString("x4", CultureInfo.InvariantCulture) });
            }
        }
    }
}
