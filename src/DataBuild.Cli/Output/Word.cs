namespace DataBuild.Cli.Output;

/// <summary>A piece of a line.</summary>
internal readonly record struct Word(string Text, Tone Tone = Tone.Plain)
{
    public static implicit operator Word(string text) => new(text);
}
