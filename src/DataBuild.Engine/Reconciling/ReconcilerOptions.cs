namespace DataBuild.Engine.Reconciling;

/// <summary>What a reconciler is told once.</summary>
public sealed record ReconcilerOptions
{
    private readonly ulong? retryUpTo;

    public required string LogId { get; init; }

    /// <summary>The lease term that runs are queued under.</summary>
    public ulong Term { get; init; }

    /// <summary>
    /// Most runs of this machine queued or running at one time: what it runs at once and what waits before it, so that no slot idles for a commit.
    /// </summary>
    public int MostActiveRuns { get; init; } = 1;

    /// <summary>Most runs that an executor has at one time whose runs outlive the engine; they take no place of the others.</summary>
    public int MostOutlivingRuns { get; init; } = 1000;

    /// <summary>Look at sources before trusting what was seen of them last. Off where the log alone has to answer.</summary>
    public bool Observe { get; init; } = true;

    /// <summary>
    /// The log's end when this session began: the files of what was published up to there are looked at once.
    /// </summary>
    public ulong SessionStart { get; init; }

    /// <summary>
    /// What failed for good up to there is tried again when it is in the way: to start a build is to ask for that. A service that
    /// starts asks for nothing, and waits for somebody to.
    /// </summary>
    public ulong RetryUpTo { get => retryUpTo ?? SessionStart; init => retryUpTo = value; }

    /// <summary>Who asks for those retries.</summary>
    public string RetrySource { get; init; } = "build";

    /// <summary>Only these wants; all active ones where null.</summary>
    public IReadOnlyList<string>? WantIds { get; init; }

    /// <summary>Only what these jobs make of what the wants are known to reach; everything where empty.</summary>
    public IReadOnlyList<string> Jobs { get; init; } = [];

    /// <summary>Refs to look at beside the wants.</summary>
    public IReadOnlyList<string> Refs { get; init; } = [];

    /// <summary>Most live partitions that changed code may replace; negative for no limit.</summary>
    public long MaxRebuilds { get; init; } = -1;

    /// <summary>Where there are more: keep back those and go on with all else, rather than stop.</summary>
    public bool HoldsRebuilds { get; init; }
}
