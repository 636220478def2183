namespace DataBuild.Engine.Execution;

/// <summary>The bounds that every executor keeps for what a run says and how it is ended.</summary>
public abstract record RunLimits
{
    /// <summary>Between SIGTERM and SIGKILL.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Bytes kept of each of stdout and stderr; of what is longer the first part and the last 16 KiB are kept.</summary>
    public long OutputLimit { get; init; } = 64L << 20;

    /// <summary>Bytes of one message line.</summary>
    public int MessageLineLimit { get; init; } = 1 << 20;

    /// <summary>Bytes of all messages of a run together.</summary>
    public long MessagesLimit { get; init; } = 64L << 20;

    /// <summary>Null if the text is a ref or set that a job may name, else what is wrong with it.</summary>
    public Func<string, string?> CheckRef { get; init; } = RefCheck.Problem;
}
