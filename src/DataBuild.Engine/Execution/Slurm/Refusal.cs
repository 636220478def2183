namespace DataBuild.Engine.Execution.Slurm;

/// <summary>What a submission that failed means. Only what names the submission itself is its own fault; all else passes.</summary>
internal static class Refusal
{
    // What sbatch says of a request that the same cluster will refuse again. All from its messages; matched without regard to case.
    private static readonly string[] Final =
    [
        "invalid partition", "invalid account", "invalid qos", "invalid user id", "invalid node name", "invalid feature", "invalid generic resource",
        "invalid license", "invalid job array", "invalid wckey", "invalid dependency", "invalid reservation", "requested reservation is invalid",
        "invalid time limit", "requested time limit", "invalid --", "invalid argument", "invalid directive", "unrecognized option",
        "invalid option", "option requires", "requires an argument", "is ambiguous", "more processors requested", "node count specification",
        "memory specification", "requested node configuration is not available", "requested partition configuration not available", "not permitted to use",
        "access/permission denied", "batch script", "no partition specified", "cpu count specification", "must specify account", "doesn't allow an argument",
        "unable to open file", "invalid numeric", "invalid number", "bad constraint", "invalid constraint",
    ];

    // What may be accepted later, though it is told as a refusal.
    private static readonly string[] Limits =
    [
        "violates accounting/qos policy", "job submit limit", "resource temporarily unavailable", "temporarily unable to accept", "maxjobcount", "too many jobs",
        "submit limit",
    ];

    /// <summary>Asked again, Slurm would say the same.</summary>
    public static bool IsFinal(ToolAnswer answer) =>
        answer.Missing || (!answer.TimedOut && !IsLimit(answer) && Holds(answer, Final));

    /// <summary>There are too many jobs: it is to be tried again later.</summary>
    public static bool IsLimit(ToolAnswer answer) => !answer.TimedOut && Holds(answer, Limits);

    /// <summary>The controller was not even spoken to: nothing was submitted.</summary>
    public static bool IsUntouched(ToolAnswer answer) => !answer.TimedOut && Holds(answer, ["connect failure", "connection refused"]);

    private static bool Holds(ToolAnswer answer, string[] phrases) =>
        phrases.Any(phrase => answer.Error.Contains(phrase, StringComparison.OrdinalIgnoreCase));
}
