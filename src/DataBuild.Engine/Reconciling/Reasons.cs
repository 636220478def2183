using DataBuild.V1;
using Google.Protobuf.WellKnownTypes;

namespace DataBuild.Engine.Reconciling;

/// <summary>Makes reasons: the data that a decision carries, and that people are shown.</summary>
internal static class Reasons
{
    public static Reason UpToDate { get; } = new() { Kind = ReasonKind.UpToDate };

    public static Reason EarlyCutoff { get; } = new() { Kind = ReasonKind.EarlyCutoff };

    public static Reason Absent { get; } = new() { Kind = ReasonKind.Absent };

    public static Reason NotWanted { get; } = new() { Kind = ReasonKind.NotWanted };

    public static Reason Unseen { get; } = new() { Kind = ReasonKind.Waiting, Detail = "a build that looks for its file" };

    public static Reason Of(ReasonKind kind, string @ref = "", string detail = "", ulong offset = 0, string was = "", string now = "", string runId = "") =>
        new() { Kind = kind, Ref = @ref, Detail = detail, Offset = offset, Was = was, Now = now, RunId = runId };

    public static Reason NotBefore(DateTimeOffset instant, string detail) =>
        new() { Kind = ReasonKind.NotBefore, NotBefore = Timestamp.FromDateTimeOffset(instant), Detail = detail };

    /// <summary>One sentence without a full stop; the same words everywhere.</summary>
    public static string ToText(this Reason reason)
    {
        string more = reason.More > 0 ? $" and {reason.More} more" : "";
        return reason.Kind switch
        {
            ReasonKind.Absent => "it was never built",
            ReasonKind.Lost => "its files are gone",
            ReasonKind.Expired => $"its retention passed and it was removed{Because(reason.Detail)}",
            ReasonKind.Tainted => $"it is tainted{Because(reason.Detail)}",
            ReasonKind.JobChanged => $"its job changed ({reason.Detail})",
            ReasonKind.InputChanged => $"{reason.Ref} changed{more}",
            ReasonKind.InputsArrived => $"what it lacked is there ({reason.Ref}{more})",
            ReasonKind.Retry => $"an earlier run failed{Because(reason.Detail)}",
            ReasonKind.UpToDate => "it is up to date",
            ReasonKind.EarlyCutoff => "its inputs were rebuilt and are equal byte for byte",
            ReasonKind.NotWanted => "nothing wants it",
            ReasonKind.IntervalOpen => $"its interval ends at {reason.Detail}",
            ReasonKind.Kept => $"it differs and is kept ({reason.Detail})",
            ReasonKind.Waiting => $"it waits for {(reason.Ref.Length > 0 ? reason.Ref : reason.Detail)}{more}",
            ReasonKind.Suspect => $"{reason.Ref}{more} may turn out to differ",
            ReasonKind.Limit => $"it waits for {reason.Detail}",
            ReasonKind.NotBefore when reason.NotBefore is not null => $"it runs not before {reason.NotBefore.ToDateTimeOffset():u}{Because(reason.Detail)}",
            ReasonKind.Canceled => $"its run was cancelled{Because(reason.Detail)}; `databuild retry` or the next build runs it",
            ReasonKind.Building => "a run for it is under way",
            ReasonKind.Failed => reason.Detail.Length > 0 ? reason.Detail : "its run failed",
            ReasonKind.UpstreamFailed => $"it waits for {reason.Ref}, which failed{Because(reason.Detail)}",
            ReasonKind.NoProducer => reason.Detail,
            ReasonKind.Quarantined => $"job {reason.Detail} is quarantined: too many of its runs failed in a row; it runs again once it changes or `databuild retry` asks for it",
            ReasonKind.SourceMissing => $"source {reason.Ref} is not there{Because(reason.Detail)}",
            _ => reason.Kind.ToString(),
        };
    }

    private static string Because(string detail) => detail.Length > 0 ? $": {detail}" : "";
}
