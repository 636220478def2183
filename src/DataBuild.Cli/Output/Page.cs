namespace DataBuild.Cli.Output;

/// <summary>Where lines for people go: a terminal with colours, or plain text that is the same for every reader.</summary>
internal abstract class Page : IDisposable
{
    /// <summary>Stdout as it is: no escape sequence where it is redirected, NO_COLOR is set or the terminal is dumb.</summary>
    public static Page Stdout() => HasColours(Console.IsOutputRedirected) ? new TerminalPage() : new PlainPage(Console.OpenStandardOutput());

    public static bool HasColours(bool redirected) =>
        !redirected
        && Environment.GetEnvironmentVariable("NO_COLOR") is not { Length: > 0 }
        && Environment.GetEnvironmentVariable("TERM") is not "dumb";

    public abstract void Line(params ReadOnlySpan<Word> words);

    public void Heading(string text)
    {
        Line();
        Line(new Word(text, Tone.Heading));
    }

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
