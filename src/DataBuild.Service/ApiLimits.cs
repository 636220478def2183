namespace DataBuild.Service;

/// <summary>What the service takes, and keeps for callers, at most. docs/service.md lists these numbers.</summary>
internal sealed record ApiLimits
{
    /// <summary>Bytes of a request.</summary>
    public const int LargestRequest = 4 << 20;

    /// <summary>Bytes of an answer, or of one message of a stream.</summary>
    public const int LargestAnswer = 4 << 20;

    public const int MostConnections = 1_024;

    public const int MostStreamsOfConnection = 100;

    public const int DefaultPage = 100;

    public const int LargestPage = 1_000;

    /// <summary>Characters of a name, a ref or a set.</summary>
    public const int LongestText = 4_096;

    /// <summary>Elements of a list in a request.</summary>
    public const int LongestList = 10_000;

    /// <summary>Streams at a time, of events and of what runs write.</summary>
    public int MostStreams { get; init; } = 128;

    /// <summary>A watcher that was up to date and is so many events behind is told to catch up.</summary>
    public ulong MostBehind { get; init; } = 10_000;

    /// <summary>A watcher that takes no message for so long is hung up on.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);
}
