using System.Text;

namespace DataBuild.Tasks.Ci;

/// <summary>Text as Markdown, and Markdown that has to fit.</summary>
internal static class Markdown
{
    /// <summary>Longest text of one error or reason.</summary>
    private const int MostText = 1_000;

    /// <summary>Text of others, in a line or a cell: nothing in it is markup.</summary>
    public static string Text(string text)
    {
        var plain = new StringBuilder();
        foreach (var c in text.Take(MostText))
        {
            switch (c)
            {
                case '\r' or '\n':
                    plain.Append(' ');
                    break;
                case '<':
                    plain.Append("&lt;");
                    break;
                case '\\' or '`' or '*' or '_' or '[' or ']' or '|' or '#' or '~' or '@':
                    plain.Append('\\').Append(c);
                    break;
                default:
                    plain.Append(c);
                    break;
            }
        }

        return text.Length > MostText ? plain.Append(" ...").ToString() : plain.ToString();
    }

    /// <summary>A name, in the type of code; also in a table.</summary>
    public static string Code(string text)
    {
        var line = text.Replace('\r', ' ').Replace('\n', ' ').Replace("|", "\\|");
        return line.Contains('`') ? $"`` {line} ``" : $"`{line}`";
    }

    /// <summary>As many whole lines as so many bytes of UTF-8 hold, and then one that says that the rest is missing.</summary>
    public static string Fit(string markdown, long bytes)
    {
        if (Encoding.UTF8.GetByteCount(markdown) <= bytes)
        {
            return markdown;
        }

        var lines = markdown.Split('\n');
        for (long kept = 0, used = 0; ; kept++)
        {
            var end = $"\n*{lines.Length - kept} more lines are left out: a step's summary holds {CiSystem.MostBytes >> 20} MiB at most.*\n";
            var next = Encoding.UTF8.GetByteCount(lines[kept]) + 1;
            if (used + next + Encoding.UTF8.GetByteCount(end) > bytes)
            {
                return used == 0 ? "" : string.Join("\n", lines.Take((int)kept)) + end;
            }

            used += next;
        }
    }
}
