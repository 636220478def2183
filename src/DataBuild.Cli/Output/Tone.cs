namespace DataBuild.Cli.Output;

/// <summary>What a word is to the reader; shown as a colour where there are colours.</summary>
internal enum Tone
{
    Plain,
    Heading,
    Dim,
    Good,
    Warning,
    Bad,
}
