namespace DataBuild.Engine.Execution.Slurm;

/// <summary>What a run's payload left at its end. That it is there is the proof that the run is over, and how.</summary>
internal sealed record ExitFile
{
    /// <summary>The job as Slurm lists it: its number, and the index within its array.</summary>
    public required string Job { get; init; }

    public required string Node { get; init; }

    public required DateTimeOffset? Begun { get; init; }

    public required DateTimeOffset? Ended { get; init; }

    /// <summary>
    /// <c>exit</c>: by itself. <c>term</c>: the payload got SIGTERM. <c>timeout</c>: its time was up. <c>gone</c>: its output folder is not there.
    /// Else why its program could not be started there.
    /// </summary>
    public required string Cause { get; init; }

    public required int? ExitCode { get; init; }

    public required int Signal { get; init; }

    /// <summary>It exited while it still had processes in its group, which were ended.</summary>
    public required bool LeftProcesses { get; init; }

    /// <summary>The path that is at fault, if one is.</summary>
    public required string Detail { get; init; }

    public bool Began => Cause is "exit" or "term" or "timeout";

    /// <summary>Whoever sent the signal, and why, only Slurm knows.</summary>
    public bool IsSuspicious => Cause == "term" || (Cause == "exit" && Signal is 9 or 15);

    /// <summary>Null if there is none.</summary>
    public static ExitFile? Read(string path)
    {
        if (Facts.Read(path) is not { } facts)
        {
            return null;
        }

        var status = facts.Number("status");
        var signalled = facts["signalled"] == "1";
        return new ExitFile
        {
            Job = facts["job"],
            Node = facts["node"],
            Begun = facts.Time("begun"),
            Ended = facts.Time("ended"),
            Cause = facts["cause"],
            ExitCode = signalled ? null : status,
            Signal = signalled ? status : 0,
            LeftProcesses = facts["left"] == "1",
            Detail = facts["detail"],
        };
    }
}
