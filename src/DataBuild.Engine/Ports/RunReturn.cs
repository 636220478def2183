using DataBuild.V1;

namespace DataBuild.Engine.Ports;

/// <summary>How the process of a run came to its end.</summary>
public enum RunEnding
{
    /// <summary>It exited, or a signal that was not ours ended it.</summary>
    Exited,

    /// <summary>It was ended for taking longer than its timeout.</summary>
    TimedOut,

    /// <summary>It was ended because <see cref="IJobExecutor.Cancel"/> was called.</summary>
    Canceled,

    /// <summary>It never began: no such program, not executable, out of processes.</summary>
    CannotStart,

    /// <summary>It went with its machine, or nothing is heard of it any more: it has no result, and what it still writes is never looked at.</summary>
    Lost,
}

/// <summary>Everything an executor knows of an ended run.</summary>
public sealed record RunReturn
{
    public required string RunId { get; init; }

    public required RunEnding Ending { get; init; }

    /// <summary>Null if a signal ended it or it never began.</summary>
    public int? ExitCode { get; init; }

    public int Signal { get; init; }

    public DateTimeOffset Started { get; init; }

    public TimeSpan Duration { get; init; }

    /// <summary>The argument vector as started, refs included or not.</summary>
    public IReadOnlyList<string> CommandLine { get; init; } = [];

    /// <summary>From messages file and <c>databuild:</c> lines, in order; progress left out.</summary>
    public IReadOnlyList<JobMessage> Messages { get; init; } = [];

    /// <summary>What was wrong with its messages, or with starting it; each a coded one-line error or warning.</summary>
    public IReadOnlyList<Diagnostic> Diagnostics { get; init; } = [];

    /// <summary>Refs for which the run was not even started, each with the error; its other refs are to be run without them.</summary>
    public IReadOnlyDictionary<string, Diagnostic> Refused { get; init; } = new Dictionary<string, Diagnostic>(StringComparer.Ordinal);

    /// <summary>Why what it left could not be taken, where the disk is at fault and not the job: full, read-only, failing or gone.</summary>
    public Diagnostic? Untaken { get; init; }

    /// <summary>Where the executor knows better than exit code and signal why it failed: killed for its memory, preempted, node lost, ended by an administrator.</summary>
    public RunFault? Fault { get; init; }

    /// <summary>Compiler-style lines of its output (<c>file(line,col): warning X1: text</c>), at most 100.</summary>
    public IReadOnlyList<Diagnostic> JobDiagnostics { get; init; } = [];

    /// <summary>Last words of stderr (of stdout if stderr was silent), at most 2 KiB of valid text.</summary>
    public string Tail { get; init; } = "";

    /// <summary>Full path of the folder with its output; empty if it said nothing.</summary>
    public string LogDirectory { get; init; } = "";
}
