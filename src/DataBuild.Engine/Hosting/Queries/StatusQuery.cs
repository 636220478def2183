using DataBuild.Engine.Reconciling;
using DataBuild.Engine.State;
using DataBuild.V1;
using Google.Protobuf.WellKnownTypes;

namespace DataBuild.Engine.Hosting.Queries;

/// <summary>
/// Where everything stands. Costs what events are about: of a want's set, only the refs that the log knows something of are looked
/// at one by one, and the rest only where it is small.
/// </summary>
public sealed class StatusQuery(LogView view)
{
    /// <summary>Most refs without any event that are evaluated one by one, over all wants.</summary>
    public const int MostUntouched = 10_000;

    private const int MostFailures = 1_000;

    private readonly BuildState state = view.Load();

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
        int untouchedLeft = MostUntouched;
        var lookedAt = wants.ConvertAll(want => RefsOf(want, ref untouchedLeft));
        var judge = view.Judge(state, [.. lookedAt.SelectMany(refs => refs).Distinct(StringComparer.Ordinal)]);
        for (int i = 0; i < wants.Count; i++)
        {
            report.Wants.Add(Row(wants[i], Count(wants[i], lookedAt[i], judge)));
        }

        var failures = Failures(judge);
        report.Failed = failures.Count;
        report.Failures.AddRange(failures.Take(MostFailures));
        report.Jobs.AddRange(Jobs(failures));
        return report;
    }

    /// <summary>The refs of a want that are looked at: those that something is known of, and the others where they are few.</summary>
    private List<string> RefsOf(WantFacts want, ref int untouchedLeft)
    {
        var refs = new List<string>();
        if (want.Set is not { } set)
        {
            return refs;
        }

        int known = state.Refs.Count;
        if (set.Count <= Math.Max(known, untouchedLeft))
        {
            bool all = set.Count <= untouchedLeft;
            foreach (string @ref in set.Enumerate())
            {
                bool touched = state.Refs.TryGet(@ref, out int id) && IsTouched(id);
                if (touched || all)
                {
                    refs.Add(@ref);
                    untouchedLeft -= touched ? 0 : 1;
                }
            }
        }
        else
        {
            for (int id = 0; id < known; id++)
            {
                if (IsTouched(id) && set.Contains(state.Refs[id]))
                {
                    refs.Add(state.Refs[id]);
                }
            }
        }

        return refs;
    }

    private bool IsTouched(int id) => state[id] is var fact && (fact.Flags != RefFlags.None || fact.IsBuilding || state.TroubleOf(id) is not null);

    private static RefCounts Count(WantFacts want, List<string> refs, Reconciler judge)
    {
        var counts = new RefCounts { Untouched = (want.Set?.Count ?? 0) - refs.Count };
        foreach (var verdict in judge.VerdictsOf(refs))
        {
            switch (verdict.State)
            {
                case RefState.Live: counts.Live++; break;
                case RefState.Stale: counts.Stale++; break;
                case RefState.Suspect: counts.Suspect++; break;
                case RefState.Building: counts.Building++; break;
                case RefState.Ready: counts.Ready++; break;
                case RefState.Waiting: counts.Waiting++; break;
                case RefState.Failed: counts.Failed++; break;
                case RefState.UpstreamFailed: counts.UpstreamFailed++; break;
                default:
                    if (verdict.Reason.Kind == ReasonKind.IntervalOpen)
                    {
                        counts.NotDue++;
                    }
                    else if (judge.IsExpired(want, verdict.Ref))
                    {
                        counts.Expired++;
                    }
                    else
                    {
                        counts.Waiting++;
                    }

                    break;
            }
        }

        return counts;
    }

    private WantStatus Row(WantFacts want, RefCounts counts) => new()
    {
        WantId = want.Id,
        Partitions = string.Join("; ", want.Want.Partitions.Expressions),
        State = StateOf(counts),
        Total = want.Set?.Count ?? 0,
        Refs = counts,
        Source = want.Want.Source,
        Comment = want.Want.Comment,
        Priority = want.Want.Priority,
        Created = Timestamp.FromDateTimeOffset(want.Created),
        Problem = want.Problem,
    };

    /// <summary>The first that holds, in the order of the semantics; an ended or cancelled want is not shown.</summary>
    private string StateOf(RefCounts counts) => counts switch
    {
        { Building: > 0 } => "Building",
        { Waiting: > 0 } when state.ActiveRunCount > 0 => "UpstreamBuilding",
        _ when counts.Ready + counts.Waiting + counts.Stale + counts.Suspect + counts.Untouched > 0 => "Idle",
        { Failed: > 0 } => "Failed",
        { UpstreamFailed: > 0 } => "UpstreamFailed",
        { Expired: > 0 } => "Expired",
        _ => "Successful",
    };

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
        var rows = state.Graph!.Jobs.ToDictionary(job => job.Label, job => new JobStatus { Job = job.Label }, StringComparer.Ordinal);
        JobStatus Row(string job)
        {
            if (!rows.TryGetValue(job, out var row))
            {
                rows.Add(job, row = new JobStatus { Job = job, Gone = true });
            }

            return row;
        }

        for (int id = 0; id < state.Refs.Count; id++)
        {
            if (state[id] is { IsLive: true, IsSource: false } live)
            {
                Row(state.JobVersionAt(live.JobVersion).Job).Live++;
            }
        }

        foreach (var run in state.ActiveRuns)
        {
            Row(run.Job).Building += run.Refs.Length;
        }

        foreach (var failure in failures.Where(failure => failure.Job.Length > 0))
        {
            Row(failure.Job).Failed++;
        }

        return rows.Values;
    }
}
