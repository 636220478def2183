using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Ports;
using DataBuild.Engine.State;
using DataBuild.V1;

namespace DataBuild.Engine.Hosting;

/// <summary>What is heard of runs between their start and their end, and for how long nothing may be.</summary>
/// <param name="journal">The log.</param>
/// <param name="clock">The time.</param>
/// <param name="unknownTimeout">How long a run may be unknown.</param>
internal sealed class SignsOfLife(Journal journal, Func<DateTimeOffset> clock, TimeSpan unknownTimeout)
{
    /// <summary>A first heartbeat is stored with the next commit, or by itself if there is none for this long.</summary>
    private static readonly TimeSpan heartbeatDelay = TimeSpan.FromSeconds(1);

    /// <summary>An engine gives a run so much time to be heard of, even if it was unknown for long when that engine began.</summary>
    private static readonly TimeSpan firstHearing = TimeSpan.FromSeconds(30);

    private readonly Dictionary<string, JobRunHeartbeatEventV1> heartbeats = new(StringComparer.Ordinal);
    private readonly DateTimeOffset notBefore = clock() + (unknownTimeout < firstHearing ? unknownTimeout : firstHearing);
    private DateTimeOffset heartbeatsDue = DateTimeOffset.MaxValue;

    /// <summary>When there is something to be done here if nothing else happens; null for never.</summary>
    public DateTimeOffset? Next
    {
        get
        {
            DateTimeOffset? next = heartbeats.Count > 0 ? heartbeatsDue : null;
            foreach (var run in Unknown)
            {
                next = Deadline(run) < next || next is null ? Deadline(run) : next;
            }

            return next;
        }
    }

    private IEnumerable<RunFacts> Unknown => journal.State.OutlivingRuns.Where(run => run.State == RunState.Unknown && !heartbeats.ContainsKey(run.IdText));

    /// <summary>It lives. Adopted runs say so again, and that is no news.</summary>
    public void Heard(JobRunHeartbeatEventV1 heartbeat)
    {
        if (journal.State.FindRun(heartbeat.RunId) is { State: not RunState.Running })
        {
            heartbeats[heartbeat.RunId] = heartbeat;
            heartbeatsDue = heartbeats.Count == 1 ? clock() + heartbeatDelay : heartbeatsDue;
        }
    }

    /// <summary>Nothing can be told of it. True if that is news.</summary>
    public bool NotHeard(string runId, string cause)
    {
        if (heartbeats.Remove(runId, out var heartbeat))
        {
            journal.Add(new BuildEvent { JobRunHeartbeat = heartbeat }, clock());
        }

        if (journal.State.FindRun(runId) is not { State: not RunState.Unknown })
        {
            return false;
        }

        journal.Add(new BuildEvent { JobRunUnknown = new JobRunUnknownEventV1 { RunId = runId, Cause = cause } }, clock());
        return true;
    }

    /// <summary>It ended, and needs no sign of life any more.</summary>
    public void Ended(string runId) => heartbeats.Remove(runId);

    /// <summary>Adds the heartbeats that are due, or all of them. True if there were any.</summary>
    public bool Flush(bool all)
    {
        if (heartbeats.Count == 0 || !(all || clock() >= heartbeatsDue))
        {
            return false;
        }

        foreach (var heartbeat in heartbeats.Values)
        {
            journal.Add(new BuildEvent { JobRunHeartbeat = heartbeat }, clock());
        }

        heartbeats.Clear();
        return true;
    }

    /// <summary>Runs of which nothing was known for too long, as if their executor had said that they are lost.</summary>
    public List<RunReturn> Overdue()
    {
        var now = clock();
        return [.. Unknown.Where(run => Deadline(run) <= now).OrderBy(run => run.QueuedAt).Select(run => new RunReturn
        {
            RunId = run.IdText,
            Ending = RunEnding.Lost,
            Fault = new RunFault(FailureClass.Infrastructure, Rules.RunLost.At($"nothing was known of it for {BuildSummary.Seconds(now - run.UnknownSince)}: {run.UnknownCause}")),
        })];
    }

    private DateTimeOffset Deadline(RunFacts run) => run.UnknownSince + unknownTimeout is var deadline && deadline > notBefore ? deadline : notBefore;
}
