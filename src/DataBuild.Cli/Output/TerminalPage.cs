using Spectre.Console;

namespace DataBuild.Cli.Output;

internal sealed class TerminalPage : Page
{
    public IAnsiConsole Console { get; } = AnsiConsole.Console;

    public override void Line(params ReadOnlySpan<Word> words)
    {
        var line = new Paragraph();
        foreach (var word in words)
        {
            line.Append(word.Text, StyleOf(word.Tone));
        }

        Console.Write(line);
        Console.WriteLine();
    }

    public override void Text(string text) => System.Console.Out.Write(text);

    private static Style StyleOf(Tone tone) => tone switch
    {
        Tone.Heading => new Style(decoration: Decoration.Bold),
        Tone.Dim => new Style(Color.Grey),
        Tone.Good => new Style(Color.Green),
        Tone.Warning => new Style(Color.Yellow),
        Tone.Bad => new Style(Color.Red),
        _ => Style.Plain,
    };
}
