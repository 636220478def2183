namespace DataBuild.Cli.Output;

/// <summary>Whoever read our output has ended, as `head` does: there is nothing more to say and nothing wrong.</summary>
internal sealed class ReaderGoneException(Exception inner) : Exception("the reader of stdout has ended", inner);
