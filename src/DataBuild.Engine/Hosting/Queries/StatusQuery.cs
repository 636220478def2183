using DataBuild.Engine.Reconciling;
using DataBuild.Engine.State;
using DataBuild.V1;

namespace DataBuild.Engine.Hosting.Queries;

/// <summary>
/// Where everything stands. Costs what events are about, see <see cref="WantCounter"/>.
/// </summary>
public sealed class StatusQuery(LogView view)
{
    private const int MostFailures = 1_000;

    private readonly BuildState state = view.Load();

    /// <summary>At most so many wants, and what failed among what these want.</summary>
    public int MostWants { get; init; } = int.MaxValue;

    /// <summary>How many wants that left out.</summary>
    public long WantsLeftOff { get; private set; }

    public StatusReport Answer()
    {
        var report = new StatusReport
        {
            Graph = state.Graph?.Name ?? "",
            Log = view.Describe(state),
            Writer = Writer.Of(view.Place.Log),
            Live = state.LiveCount,
        };
        report.Runs.AddRange(state.ActiveRuns.OrderBy(run => run.QueuedAt).Select(run => RunText.Of(state, run, report.Writer is not null)));
        report.Taints.AddRange(state.Taints.Select(taint => RunText.Of(state, taint)));
        if (state.Graph is null)
        {
            return report;
        }

        var wants = state.Wants.Where(want => want is { IsChild: false, End: WantEndState.Unspecified, IsCanceled: false }).ToList();
        WantsLeftOff = Math.Max(0, wants.Count - MostWants);
        wants = [.. wants.Take(MostWants)];
        var counter = new WantCounter(view, state, wants);
        report.Wants.AddRange(counter.Rows());
        var failures = Failures(counter.Judge);
        report.Failed = failures.Count;
        report.Failures.AddRange(failures.Take(MostFailures));
        report.Jobs.AddRange(Jobs(failures));
        return report;
    }

    /// <summary>What failed for good by its own run, wanted or not, and what wanted refs wait for that no run can make.</summary>
    private List<FailureStatus> Failures(Reconciler judge)
    {
        var blocked = judge.Failures().ToDictionary(failure => failure.Leaf.Ref, failure => failure, StringComparer.Ordinal);
        var failures = new List<FailureStatus>();
        foreach (var (id, trouble) in state.Troubles)
        {
            string job = state.JobVersionAt(trouble.JobVersion).Job;
            if (trouble.IsFinal && state.CurrentJob(job)?.Index == trouble.JobVersion)
            {
                var failure = RunText.Of(state, id, trouble, trouble.Failure!, view.Place);
                failure.Blocked = blocked.Remove(failure.Ref, out var known) ? known.Blocked.Count : 0;
                failures.Add(failure);
            }
        }

        foreach (var (leaf, waiting) in blocked.Values)
        {
            failures.Add(new FailureStatus
            {
                Ref = leaf.Ref,
                Job = leaf.Job,
                FailureClass = FailureClass.Graph,
                Message = leaf.Reason.ToText(),
                RunId = leaf.Reason.RunId,
                Offset = leaf.Reason.Offset,
                Blocked = waiting.Count,
            });
        }

        return [.. failures.OrderBy(failure => failure.Offset).ThenBy(failure => failure.Ref, StringComparer.Ordinal)];
    }

    private IEnumerable<JobStatus> Jobs(List<FailureStatus> failures)
    {
        var rows = new JobRows(state);
        foreach (var failure in failures.Where(failure => failure.Job.Length > 0))
        {
            rows[failure.Job].Failed++;
        }

        return rows.All;
    }
}
