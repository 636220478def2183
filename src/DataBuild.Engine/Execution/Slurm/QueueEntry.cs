namespace DataBuild.Engine.Execution.Slurm;

/// <summary>One line of what Slurm lists: a hint of what becomes of a run, never the truth.</summary>
/// <param name="Job">Its number, and the index within its array. Slurm may give it again.</param>
/// <param name="State">As Slurm writes it.</param>
/// <param name="BatchId">The comment that it was given.</param>
/// <param name="Index">Of the run in the batch's manifest.</param>
/// <param name="Node">Where it is or was; empty if nowhere.</param>
/// <param name="Reason">Why it waits, or ended as it did.</param>
internal sealed record QueueEntry(string Job, string State, string BatchId, int Index, string Node, string Reason)
{
    /// <summary>What one asks squeue for.</summary>
    public const string Format = "%i|%T|%k|%K|%N|%r";

    /// <summary>It will never run again.</summary>
    public bool IsOver => State is "BOOT_FAIL" or "CANCELLED" or "COMPLETED" or "DEADLINE" or "FAILED" or "NODE_FAIL" or "OUT_OF_MEMORY"
        or "PREEMPTED" or "REVOKED" or "TIMEOUT";

    public bool IsPending => State is "PENDING" or "REQUEUED" or "REQUEUE_HOLD" or "REQUEUE_FED" or "SPECIAL_EXIT" or "RESV_DEL_HOLD";

    /// <summary>It will not run until somebody acts.</summary>
    public bool IsHeld => Reason is "JobHeldUser" or "JobHeldAdmin" || State is "REQUEUE_HOLD" or "SPECIAL_EXIT" or "RESV_DEL_HOLD";

    /// <summary>Slurm could not start it on its node and has put it aside for good.</summary>
    public bool IsLaunchFailed => IsPending && Reason.Replace('_', ' ').Contains("launch failed", StringComparison.OrdinalIgnoreCase);

    /// <summary>Null if it is no line of ours.</summary>
    public static QueueEntry? Parse(string line)
    {
        var parts = line.Split('|', 6);
        if (parts.Length < 6 || parts[2].Length == 0)
        {
            return null;
        }

        // A job that is no array has no index.
        var index = int.TryParse(parts[3], out var number) ? number : 0;
        return new QueueEntry(parts[0], parts[1], parts[2], index, parts[4], parts[5].Trim());
    }
}
