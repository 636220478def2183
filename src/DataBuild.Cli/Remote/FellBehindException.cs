namespace DataBuild.Cli.Remote;

/// <summary>The service told a watcher that was too slow where to go on.</summary>
internal sealed class FellBehindException(ulong from, string text) : Exception(text)
{
    /// <summary>The offset of the first event that was not told.</summary>
    public ulong From { get; } = from;
}
