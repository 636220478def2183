using DataBuild.Engine.State;
using DataBuild.V1;
using Google.Protobuf.WellKnownTypes;

namespace DataBuild.Engine.Hosting.Queries;

/// <summary>Runs, wants and failures of the fold as answers.</summary>
internal static class RunText
{
    public static RunStatus Of(BuildState state, RunFacts run, bool engineLives) => new()
    {
        RunId = run.IdText,
        Job = run.Job,
        State = run.State.ToString(),
        FirstRef = state.Refs[run.Refs[0]],
        Refs = run.Refs.Length,
        Attempt = run.Attempts.Max(),
        QueuedAt = run.QueuedAt,
        Pid = run.Pid,
        EngineLives = engineLives,
        Executor = run.Outlives ? run.Executor : "",
        ExecutorRun = run.ExecutorRun,
        UnknownSince = run.State == RunState.Unknown ? Timestamp.FromDateTimeOffset(run.UnknownSince) : null,
        UnknownCause = run.UnknownCause,
        CancelAsked = run.CancelAsked,
    };

    /// <summary>A want as it was made, without where it stands.</summary>
    public static WantStatus Of(WantFacts want)
    {
        var row = Of(want.Want, Timestamp.FromDateTimeOffset(want.Created), want.Offset);
        row.Problem = want.Problem;
        row.Standing = want.IsStanding;
        return row;
    }

    public static WantStatus Of(Want want, Timestamp? created, ulong offset) => new()
    {
        WantId = want.WantId,
        Partitions = string.Join("; ", want.Partitions.Expressions),
        Source = want.Source,
        Comment = want.Comment,
        Priority = want.Priority,
        Created = created,
        ParentWantId = want.ParentWantId,
        RootWantId = want.RootWantId,
        Ttl = want.Ttl,
        Sla = want.Sla,
        RunId = want.RunId,
        Offset = offset,
    };

    /// <summary>The last failure of a ref as its run left it.</summary>
    public static FailureStatus Of(BuildState state, int id, Trouble trouble, PartitionFailed failure, LogPlace place)
    {
        var status = new FailureStatus
        {
            Ref = state.Refs[id],
            Job = state.JobVersionAt(trouble.JobVersion).Job,
            FailureClass = failure.FailureClass,
            Code = failure.Code,
            Message = failure.Message,
            RunId = trouble.Run.ToString("D"),
            Signal = trouble.Signal,
            Log = place.ShowRun(trouble.Log),
            LastWords = trouble.StderrTail,
            Offset = trouble.Offset,
        };
        if (trouble.ExitCode is { } exitCode)
        {
            status.ExitCode = exitCode;
        }

        return status;
    }

    public static TaintStatus Of(BuildState state, TaintFacts taint)
    {
        const int mostRefs = 20;
        var status = new TaintStatus { TaintId = taint.Taint.TaintId, Comment = taint.Taint.Comment, Count = taint.Refs.Count, Offset = taint.Offset };
        status.Refs.AddRange(taint.Refs.Select(id => state.Refs[id]).Order(StringComparer.Ordinal).Take(mostRefs));
        return status;
    }
}
