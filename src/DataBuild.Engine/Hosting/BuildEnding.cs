using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Reconciling;
using DataBuild.Engine.State;
using DataBuild.V1;

namespace DataBuild.Engine.Hosting;

/// <summary>Puts an end to a request: what is said of it, its result, and the end of its wants.</summary>
internal sealed class BuildEnding(
    EngineRequest request, Journal journal, Reconciler reconciler, BuildSummary summary, BuildReport report, Action<EngineMessage> send, Func<DateTimeOffset> now)
{
    /// <param name="loop">How the work ended.</param>
    /// <param name="asked">Wants of this request's own; they end with it.</param>
    /// <param name="stopped">Somebody asked to stop.</param>
    /// <param name="elapsed">Since the request came.</param>
    public BuildResult Finish(LoopEnd loop, IReadOnlyList<string> asked, bool stopped, TimeSpan elapsed)
    {
        var plan = reconciler.Plan();
        var rows = summary.Rows(plan);
        var wants = reconciler.WantRows();
        summary.Table(rows);
        if (loop.TooManyRebuilds > 0)
        {
            summary.Plan(plan);
            report.Say(Rules.TooManyRebuilds.At(
                $"changed jobs would replace {loop.TooManyRebuilds} live partitions, more than DataBuildMaxRebuilds={request.MaxRebuilds}; {(report.Runs == 0 ? "nothing was run" : "that happened during the build, and the rest was not run")}. Go on with -p:DataBuildMaxRebuilds={loop.TooManyRebuilds}"));
        }

        foreach (var unsettled in loop.Unsettled)
        {
            report.Say(unsettled);
        }

        summary.Kept(reconciler);
        long failures = stopped ? 0 : summary.Errors(reconciler);
        if (loop.PostponedTo is { } postponed && failures == 0)
        {
            report.Say(Rules.NotDone.At($"a job asked to be run again at {postponed:u}, later than DataBuildMaxWait allows; build again then"));
        }

        long held = stopped || failures > 0 ? 0 : SayHeld();
        bool canceled = stopped || held > 0 || (failures == 0 && asked.Any(id => journal.State.FindWant(id) is null or { IsCanceled: true }));
        if (canceled && !stopped && held == 0)
        {
            report.Say(Rules.RunCanceled.At("the want that this build was for was cancelled; build again if it is wanted after all"));
        }

        // Asked for the partitions of some jobs, a build is not about all that its wants name.
        bool satisfied = failures == 0
            && loop.Unsettled.Count == 0
            && (request.Jobs.Count > 0 ? plan.WillRun + plan.MayRun + plan.Blocked == 0 : wants.All(want => want.Live + want.NotDue == want.Total));
        var result = new BuildResult
        {
            Built = report.Built,
            Runs = report.Runs,
            Outcome = canceled ? BuildOutcome.Canceled
                : !satisfied ? BuildOutcome.Failed
                : report.Runs == 0 ? BuildOutcome.UpToDate
                : BuildOutcome.Built,
        };
        result.Summary = result.Outcome switch
        {
            BuildOutcome.UpToDate => BuildSummary.NothingToDo(wants, loop.Partitions, loop.Sources, elapsed),
            BuildOutcome.Built => summary.Built(wants, elapsed),
            BuildOutcome.Canceled when !stopped => $"cancelled: {report.Built} built, {report.Runs} runs; the next build goes on",
            BuildOutcome.Canceled => $"stopped: {report.Built} built, {report.Runs} runs{GoingOn}; the next build goes on",
            _ => summary.Failed(rows, elapsed),
        };
        result.Wants.AddRange(wants);
        result.Jobs.AddRange(rows);
        EndWants(wants, asked, stopped);
        result.LogOffset = journal.State.Offset;
        foreach (var row in rows.Where(row => row is { Runs: 0, UpToDate: > 0 }))
        {
            send(new EngineMessage { Skip = new JobSkip { Job = row.Job, Reason = $"{row.UpToDate} partitions up to date" } });
        }

        return result;
    }

    private string GoingOn => journal.State.OutlivingRunCount is > 0 and var count ? $", {count} of them still under way" : "";

    /// <summary>One error a run that was cancelled by its id; returns how many refs wait because of that.</summary>
    private long SayHeld()
    {
        long count = 0;
        foreach (var (runId, refs) in reconciler.Held())
        {
            count += refs.Count;
            string more = refs.Count > 1 ? $" and {refs.Count - 1} more" : "";
            report.Say(Rules.RunCanceled.At($"run {runId} was cancelled: {refs[0]}{more} not made; build again, or `databuild retry` during a build"));
        }

        return count;
    }

    /// <summary>A run for it outlives this engine: whoever adopts that run has to know that somebody wants it.</summary>
    private bool GoesOn(string wantId) => journal.State.OutlivingRuns.Any(run =>
        run.WantIds.Any(id => id == wantId || journal.State.FindWant(id)?.Want.RootWantId == wantId));

    /// <summary>
    /// Wants made by hand end as far as they came. Those of this request end with it in any case; the others stay until they are
    /// satisfied or fail.
    /// </summary>
    private void EndWants(IReadOnlyList<WantRow> rows, IReadOnlyList<string> asked, bool stopped)
    {
        foreach (var row in rows.Where(row => journal.State.FindWant(row.WantId) is { IsStanding: false, IsActive: true }))
        {
            var state = row.Failed > 0 ? WantEndState.Failed
                : row.Blocked > 0 ? WantEndState.UpstreamFailed
                : row.Live + row.NotDue == row.Total ? WantEndState.Successful
                : WantEndState.Unspecified;
            if ((state == WantEndState.Unspecified || stopped) && (!asked.Contains(row.WantId) || GoesOn(row.WantId)))
            {
                continue;
            }

            var e = state != WantEndState.Unspecified && !stopped
                ? new BuildEvent { WantEnd = new WantEndEventV1 { WantId = row.WantId, State = state } }
                : new BuildEvent { WantCancel = new WantCancelEventV1 { WantId = row.WantId, Comment = "the build ended" } };
            journal.Add(e, now());
        }

        journal.Commit();
    }
}
