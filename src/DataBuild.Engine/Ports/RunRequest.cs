namespace DataBuild.Engine.Ports;

/// <summary>One run, ready to be started.</summary>
public sealed record RunRequest
{
    public required string RunId { get; init; }

    public required string Job { get; init; }

    /// <summary>The argument vector without the refs; no shell is involved.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    public required IReadOnlyList<string> Refs { get; init; }

    public required int Attempt { get; init; }

    /// <summary>Full path.</summary>
    public required string WorkingDirectory { get; init; }

    /// <summary>What the job declared, on top of the few variables that every job gets.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Environment { get; init; }

    /// <summary>Names taken from the engine's own environment; never logged.</summary>
    public required IReadOnlyList<string> PassEnvironment { get; init; }

    /// <summary>Full path to read partitions from.</summary>
    public required string DataRoot { get; init; }

    /// <summary>Full path of the run's own staging directory; exists.</summary>
    public required string OutputRoot { get; init; }

    /// <summary>Full path of the folder for its output and messages; made when there is something to put there.</summary>
    public required string LogDirectory { get; init; }

    /// <summary>Full path of a JSON file with the path of each known source; empty if there is none.</summary>
    public required string SourcesFile { get; init; }

    /// <summary>Null for no limit.</summary>
    public required TimeSpan? Timeout { get; init; }

    /// <summary>What runs it: the name of an executor.</summary>
    public string Executor { get; init; } = "local";

    /// <summary>What it asks of the machine it runs on; only executors that place runs look at it.</summary>
    public RunResources Resources { get; init; } = RunResources.None;
}
