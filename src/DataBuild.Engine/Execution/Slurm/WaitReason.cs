namespace DataBuild.Engine.Execution.Slurm;

/// <summary>Why Slurm lets a job wait, in its own words, and whether that passes by itself.</summary>
internal static class WaitReason
{
    // That others are before it or that there is no room just now: what a queue is for.
    private static readonly HashSet<string> Usual = new(StringComparer.Ordinal)
    {
        "", "None", "Priority", "Resources", "BeginTime", "JobArrayTaskLimit", "Dependency", "Prolog", "Cleaning", "NodeDown",
    };

    // That nothing changes until somebody acts.
    private static readonly string[] NeedsSomebody =
    [
        "JobHeld", "ReqNodeNotAvail", "PartitionDown", "PartitionInactive", "PartitionConfig", "PartitionNodeLimit", "PartitionTimeLimit", "BadConstraints",
        "InvalidAccount", "InvalidQOS", "QOSNotAllowed", "AccountNotAllowed", "Reservation", "FrontEndDown", "DependencyNeverSatisfied", "Nodes required for job are DOWN",
        "AssocMaxCpuPerJobLimit", "AssocMaxNodePerJobLimit", "AssocMaxMemPerJob", "QOSMaxCpuPerJobLimit", "QOSMaxMemoryPerJob", "QOSMaxNodePerJobLimit",
        "QOSMaxWallDurationPerJobLimit", "AssocMaxWallDurationPerJobLimit",
    ];

    public static bool IsUsual(string reason) => Usual.Contains(reason);

    public static bool NeedsAct(string reason) => NeedsSomebody.Any(known => reason.StartsWith(known, StringComparison.OrdinalIgnoreCase));
}
