namespace DataBuild.Engine.Log;

/// <summary>How to open a log for writing.</summary>
public sealed record LogOptions
{
    /// <summary>The log's file; beside it live its <c>-wal</c>, <c>-shm</c>, <c>.lease</c> and <c>.snapshot</c>.</summary>
    public required string Path { get; init; }

    public Durability Durability { get; init; } = Durability.Full;

    /// <summary>A lease that the caller has on this path and keeps until after the log is disposed; taken and given back by the log where null.</summary>
    public Lease? Lease { get; init; }

    /// <summary>Largest event, in bytes.</summary>
    public int MaxEventBytes { get; init; } = 64 << 20;

    /// <summary>How long to wait for another program that has locked the database.</summary>
    public TimeSpan BusyTimeout { get; init; } = TimeSpan.FromSeconds(10);
}
