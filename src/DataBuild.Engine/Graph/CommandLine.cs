using System.Text;
using DataBuild.Engine.Diagnostics;

namespace DataBuild.Engine.Graph;

/// <summary>
/// Cuts text into words as a POSIX shell would, and does nothing else that a shell does: single quotes hold all but themselves, in double
/// quotes a backslash escapes <c>" \ $</c> and a backquote, elsewhere any character. <c>$</c>, <c>*</c> and <c>~</c> are themselves.
/// </summary>
internal static class CommandLine
{
    private static readonly HashSet<string> Operators = new(["|", "||", "&", "&&", ";", "<", ">", ">>", "2>", "2>&1", "&>"], StringComparer.Ordinal);

    /// <summary>The words; <paramref name="shellOperator"/> is the first unquoted one that a shell would take for an operator.</summary>
    /// <param name="name">Of the metadata, for the error.</param>
    public static List<string> Split(string text, string name, out string? shellOperator)
    {
        List<string> words = [];
        shellOperator = null;
        var word = new StringBuilder();
        var (inWord, quoted) = (false, false);
        for (var i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case ' ' or '\t' or '\r' or '\n':
                    End(ref shellOperator);
                    break;
                case '\'':
                    var close = text.IndexOf('\'', i + 1);
                    if (close < 0)
                    {
                        throw Bad(text, name, "has a single quote that is not closed");
                    }

                    word.Append(text, i + 1, close - i - 1);
                    i = close;
                    (inWord, quoted) = (true, true);
                    break;
                case '"':
                    i = ReadDouble(text, i + 1, word, name);
                    (inWord, quoted) = (true, true);
                    break;
                case '\\' when i + 1 == text.Length:
                    throw Bad(text, name, "ends in a backslash");
                case '\\':
                    word.Append(text[++i]);
                    (inWord, quoted) = (true, true);
                    break;
                case '\0':
                    throw Bad(text, name, "holds a NUL character");
                default:
                    word.Append(text[i]);
                    inWord = true;
                    break;
            }
        }

        End(ref shellOperator);
        return words;

        void End(ref string? shellOperator)
        {
            if (inWord)
            {
                words.Add(word.ToString());
                if (!quoted && Operators.Contains(words[^1]))
                {
                    shellOperator ??= words[^1];
                }
            }

            word.Clear();
            (inWord, quoted) = (false, false);
        }
    }

    private static int ReadDouble(string text, int at, StringBuilder word, string name)
    {
        for (; at < text.Length; at++)
        {
            if (text[at] == '"')
            {
                return at;
            }

            if (text[at] == '\\' && at + 1 < text.Length && text[at + 1] is '"' or '\\' or '$' or '`')
            {
                at++;
            }

            word.Append(text[at]);
        }

        throw Bad(text, name, "has a double quote that is not closed");
    }

    private static DataBuildException Bad(string text, string name, string problem) =>
        new(Rules.BadQuoting, $"{name} '{text}' {problem}; quote it as in a POSIX shell");
}
