using System.Globalization;
using DataBuild.Engine.Reconciling;
using DataBuild.V1;

namespace DataBuild.Engine.Hosting.Queries;

/// <summary>An event in words, for people: what happened, to what.</summary>
public static class EventWords
{
    private static readonly Reason noReason = new();

    /// <param name="e">The event.</param>
    /// <param name="full">Name all refs; else the first one of each list and how many more there are.</param>
    public static (string Kind, string Text) Of(BuildEvent e, bool full) => e.EventCase switch
    {
        BuildEvent.EventOneofCase.JobRunQueue => ("run queued", Queue(e.JobRunQueue, full)),
        BuildEvent.EventOneofCase.JobRunHeartbeat => ("run started", Heartbeat(e.JobRunHeartbeat)),
        BuildEvent.EventOneofCase.JobRunUnknown => ("run unknown", $"{e.JobRunUnknown.RunId}{Because(e.JobRunUnknown.Cause)}"),
        BuildEvent.EventOneofCase.JobRunSuccess => ("run succeeded", End(e.JobRunSuccess.End, full)),
        BuildEvent.EventOneofCase.JobRunFailure => ("run failed", End(e.JobRunFailure.End, full)),
        BuildEvent.EventOneofCase.JobRunMissingDeps => ("run lacked inputs", End(e.JobRunMissingDeps.End, full)),
        BuildEvent.EventOneofCase.JobRunCancel => (e.JobRunCancel.Asked ? "run's cancel asked" : "run canceled", $"{e.JobRunCancel.RunId}{Because(e.JobRunCancel.Cause)}"),
        BuildEvent.EventOneofCase.JobRunLost => ("run lost", $"{e.JobRunLost.RunId}{Because(e.JobRunLost.Cause)}"),
        BuildEvent.EventOneofCase.WantCreate => ("want made", WantText(e.WantCreate.Want, full)),
        BuildEvent.EventOneofCase.WantCancel => ("want canceled", $"{e.WantCancel.WantId}{Because(e.WantCancel.Comment)}"),
        BuildEvent.EventOneofCase.WantEnd => ("want ended", $"{e.WantEnd.WantId}: {e.WantEnd.State}"),
        BuildEvent.EventOneofCase.WantTime => ("want's time passed", WantTime(e.WantTime, full)),
        BuildEvent.EventOneofCase.WantRegister => ("wants registered", List(e.WantRegister.Wants.Select(want => $"{want.WantId} {Set(want.Partitions, full)}"), "want", full)),
        BuildEvent.EventOneofCase.TaintCreate => ("tainted", $"{Set(e.TaintCreate.Partitions, full)}{(e.TaintCreate.Downstream ? " and what was made from it" : "")}{Because(e.TaintCreate.Comment)} ({e.TaintCreate.TaintId})"),
        BuildEvent.EventOneofCase.TaintCancel => ("taint lifted", $"{e.TaintCancel.TaintId}{(e.TaintCancel.Partitions is { } some ? $" from {Set(some, full)}" : "")}{Because(e.TaintCancel.Comment)}"),
        BuildEvent.EventOneofCase.GraphRegister => ("graph registered", Graph(e.GraphRegister)),
        BuildEvent.EventOneofCase.Observe => ("files observed", Observed(e.Observe, full)),
        BuildEvent.EventOneofCase.RetryRequest => ("retry asked", $"{List(e.RetryRequest.Refs, "ref", full)} by {e.RetryRequest.Source}"),
        BuildEvent.EventOneofCase.JobQuarantine => ("job quarantined", $"{e.JobQuarantine.Job} after {Number(e.JobQuarantine.Failures)} failed runs in a row, the last one {e.JobQuarantine.RunId}"),
        BuildEvent.EventOneofCase.Accept => ("accepted", $"{Set(e.Accept.Partitions, full)}{Because(e.Accept.Comment)}"),
        BuildEvent.EventOneofCase.Adopt => ("adopted", $"{List(e.Adopt.Partitions.Select(partition => partition.Ref), "ref", full)}{Because(e.Adopt.Comment)}"),
        BuildEvent.EventOneofCase.Rename => ("renamed", $"{(e.Rename.Resumes.Length > 0 ? $"goes on with {e.Rename.Resumes}" : $"{e.Rename.From} to {e.Rename.To}")}{Because(e.Rename.Comment)} ({e.Rename.RenameId})"),
        BuildEvent.EventOneofCase.RenameEnd => ("rename done", e.RenameEnd.RenameId),
        BuildEvent.EventOneofCase.RetentionExpire => ("retention passed", $"{(e.RetentionExpire.Resumes.Length > 0 ? $"goes on with {e.RetentionExpire.Resumes}" : List(e.RetentionExpire.Partitions.Select(partition => partition.Ref), "ref", full))} ({e.RetentionExpire.ExpiryId})"),
        BuildEvent.EventOneofCase.RetentionExpireEnd => ("expired files removed", e.RetentionExpireEnd.ExpiryId),
        _ => (e.EventCase.ToString(), ""),
    };

    private static string Heartbeat(JobRunHeartbeatEventV1 heartbeat)
    {
        string what = heartbeat.ExecutorRun.Length > 0 ? heartbeat.ExecutorRun : $"process {Number(heartbeat.Pid)}";
        return $"{heartbeat.RunId}: {what}{(heartbeat.Host.Length > 0 ? $" on {heartbeat.Host}" : "")}";
    }

    private static string Queue(JobRunQueueEventV1 queue, bool full)
    {
        uint attempt = queue.Partitions.Max(partition => partition.Attempt);
        string tries = attempt > 1 ? $", attempt {Number(attempt)}" : "";
        return full
            ? $"{queue.RunId} {queue.Job}{tries}: {string.Join("; ", queue.Partitions.Select(partition => $"{partition.Ref}, {(partition.Reason ?? noReason).ToText()}"))}"
            : $"{queue.RunId} {queue.Job}{tries}: {List(queue.Partitions.Select(partition => partition.Ref), "ref", full)}: {(queue.Partitions[0].Reason ?? noReason).ToText()}";
    }

    private static string End(RunEnd end, bool full)
    {
        var words = new List<string>();
        Add(words, "done", end.Outcomes.Where(outcome => outcome.Done is not null).Select(outcome => outcome.Ref), full);
        Add(words, "failed", end.Outcomes.Where(outcome => outcome.Failed is not null).Select(outcome => outcome.Ref), full);
        Add(words, "lacking", end.Outcomes.Where(outcome => outcome.Missed is not null).SelectMany(outcome => outcome.Missed.Refs).Distinct(StringComparer.Ordinal), full);
        if (end.Outcomes.FirstOrDefault(outcome => outcome.Failed is not null)?.Failed is { } failure)
        {
            words.Add(OneLine(failure.Message));
        }

        if (end.Duration is { } duration)
        {
            words.Add(duration.ToTimeSpan().TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture) + "s");
        }

        if (end is { HasExitCode: true, ExitCode: not 0 })
        {
            words.Add($"exit {Number(end.ExitCode)}");
        }

        return $"{end.RunId}: {string.Join("; ", words)}";
    }

    private static void Add(List<string> words, string what, IEnumerable<string> refs, bool full)
    {
        var all = refs.ToList();
        if (all.Count > 0)
        {
            words.Add($"{what} {List(all, "ref", full)}");
        }
    }

    private static string WantText(Want want, bool full)
    {
        string child = want.ParentWantId.Length > 0 ? $", for run {want.RunId}, child of {want.ParentWantId}" : "";
        return $"{want.WantId} {Set(want.Partitions, full)} by {want.Source}{child}";
    }

    private static string WantTime(WantTimeEventV1 time, bool full)
    {
        string missed = time.DeadlineMissed is { } late ? $" deadline missed by {Set(late, full)}" : "";
        string expired = time.Expired is { } old ? $" expired {Set(old, full)}" : "";
        return $"{time.WantId}:{missed}{expired}";
    }

    private static string Graph(GraphRegisterEventV1 registration) => string.Create(
        CultureInfo.InvariantCulture,
        $"{registration.Graph.Name}: {registration.Graph.Jobs.Count} jobs, {registration.Graph.Partitions.Count} partition families, {registration.Graph.Sources.Count} sources");

    private static string Observed(ObserveEventV1 observe, bool full) => List(
        observe.Observations.Select(seen => $"{seen.Ref} {(seen.Presence == Presence.Present ? "present" : "absent")}"), "file", full);

    private static string Set(V1.PartitionSet? set, bool full) => List(set?.Expressions ?? [], "set", full);

    private static string List(IEnumerable<string> items, string noun, bool full)
    {
        var all = items as ICollection<string> ?? [.. items];
        return all.Count switch
        {
            0 => $"no {noun}",
            1 => all.First(),
            _ when full => string.Join(", ", all),
            _ => $"{all.First()} and {Number(all.Count - 1)} more",
        };
    }

    private static string Because(string cause) => cause.Length > 0 ? $": {OneLine(cause)}" : "";

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
