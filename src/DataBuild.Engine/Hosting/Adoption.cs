using DataBuild.Engine.Graph;
using DataBuild.Engine.Hosting.Queries;
using DataBuild.Engine.Ports;
using DataBuild.Engine.Reconciling;
using DataBuild.Engine.State;

namespace DataBuild.Engine.Hosting;

/// <summary>
/// Takes back the runs of executors that outlive engines, before anything new is started: each has a run id, a directory and refs that
/// are being built, as the log says, and nothing of them is queued anew.
/// </summary>
internal sealed class Adoption(Journal journal, IPartitionStore store, RunInbox inbox, RunRequests requests, ILoopReport report)
{
    /// <returns>How many runs.</returns>
    public int Adopt(IOutlivingExecutor executor)
    {
        var runs = journal.State.OutlivingRuns.OrderBy(run => run.QueuedAt).ToList();
        foreach (var run in runs)
        {
            var queue = journal.EventAt(run.QueuedAt).JobRunQueue;
            var refs = queue.Partitions.Select(partition => partition.Ref).ToList();
            inbox.Expect(run.IdText, refs);
            if (JobOf(run) is not { } job)
            {
                inbox.Unknown(run.IdText, $"job {run.Job} is not in the project any more, and as it was then it cannot be read");
                continue;
            }

            var planned = new PlannedRun(job, queue);
            var request = requests.For(planned, refs, store.StageOutliving(run.IdText, refs));
            report.Queued(planned, request);
            executor.Adopt(request);
            if (run.CancelAsked.Length > 0)
            {
                executor.Cancel(run.IdText);
            }
        }

        if (runs.Count > 0)
        {
            report.Line($"  {runs.Count} run{(runs.Count == 1 ? "" : "s")} of {Names(runs)} under way from before: adopted");
        }

        return runs.Count;
    }

    /// <summary>Says what goes on without this engine.</summary>
    public void SayWhatGoesOn()
    {
        var runs = journal.State.OutlivingRuns.ToList();
        if (runs.Count > 0)
        {
            report.Line(
                $"  {runs.Count} run{(runs.Count == 1 ? " goes" : "s go")} on on {Names(runs)}: the next build or service adopts {(runs.Count == 1 ? "it" : "them")}; `databuild cancel {(runs.Count == 1 ? runs[0].IdText : "RUN|SET|WANT")}` ends {(runs.Count == 1 ? "it" : "them")}");
        }
    }

    private static string Names(IEnumerable<RunFacts> runs) => string.Join(" and ", runs.Select(run => run.Executor).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));

    /// <summary>As it is now, else as it was when the run was queued: a job that left the project still has runs to be ended.</summary>
    private Job? JobOf(RunFacts run)
    {
        if (journal.State.Graph!.FindJob(run.Job) is { } job)
        {
            return job;
        }

        var registration = journal.Backwards(run.QueuedAt).Select(stored => stored.Event.GraphRegister).FirstOrDefault(registered => registered is not null);
        return registration is null ? null : GraphCompiler.Compile(registration.Graph).Graph?.FindJob(run.Job);
    }
}
