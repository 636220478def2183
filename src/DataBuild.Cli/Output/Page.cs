namespace DataBuild.Cli.Output;

/// <summary>Where lines for people go: a terminal with colours, or plain text that is the same for every reader.</summary>
internal abstract class Page : IDisposable
{
    /// <summary>Stdout as it is: no escape sequence where it is redirected, NO_COLOR is set or the terminal is dumb.</summary>
    public static Page Stdout() => HasColours(Console.IsOutputRedirected) ? new TerminalPage() : Plain();

    public static bool HasColours(bool redirected) =>
        !redirected
        && Environment.GetEnvironmentVariable("NO_COLOR") is not { Length: > 0 }
        && Environment.GetEnvironmentVariable("TERM") is not "dumb";

    /// <summary>Stdout without any escape sequence, whatever it is: for JSON and scripts.</summary>
    public static Page Plain() => new PlainPage(Output.Stdout.Open());

    public abstract void Line(params ReadOnlySpan<Word> words);

    /// <summary>Text of somebody else's, as it is.</summary>
    public abstract void Text(string text);

    /// <summary>Shows what was written so far.</summary>
    public virtual void Flush()
    {
    }

    public void Heading(string text)
    {
        Line();
        Line(new Word(text, Tone.Heading));
    }

    /// <summary>Rows with all columns but the last aligned, below a line that names the columns.</summary>
    public void Table(IReadOnlyList<string> columns, IReadOnlyList<Word[]> rows, string indent = "") =>
        Table([[.. columns.Select(column => new Word(column, Tone.Dim))], .. rows], indent);

    /// <summary>Rows with all columns but the last aligned.</summary>
    public void Table(IReadOnlyList<Word[]> rows, string indent = "  ")
    {
        int columns = rows.Count == 0 ? 0 : rows.Max(row => row.Length);
        var widths = new int[columns];
        foreach (var row in rows)
        {
            for (int i = 0; i < row.Length - 1; i++)
            {
                widths[i] = Math.Max(widths[i], row[i].Text.Length);
            }
        }

        foreach (var row in rows)
        {
            var words = new List<Word> { indent };
            for (int i = 0; i < row.Length; i++)
            {
                bool last = i == row.Length - 1;
                words.Add(row[i] with { Text = last ? row[i].Text : row[i].Text.PadRight(widths[i]) });
                if (!last)
                {
                    words.Add("  ");
                }
            }

            Line([.. words]);
        }
    }

    public virtual void Dispose()
    {
    }
}
