using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Graph;
using DataBuild.Engine.Reconciling;
using DataBuild.Engine.State;
using DataBuild.V1;
using Google.Protobuf.WellKnownTypes;

namespace DataBuild.Engine.Hosting.Queries;

/// <summary>
/// All that the log knows of one ref. What was decided and done is read from the events that carry it; where it stands now is said by
/// the decider itself, run on the fold. Nothing here makes up an explanation.
/// </summary>
public sealed class WhyQuery
{
    private const int MostDependents = 1_000;
    private const int MostDemanding = 10_000;

    private readonly LogView view;
    private readonly BuildState state;
    private readonly GraphLookup graph;
    private readonly string asked;
    private readonly Family? family;
    private readonly int id;

    /// <param name="view">The log.</param>
    /// <param name="ref">The ref that is asked about.</param>
    /// <param name="at">As of this event; null for the last one.</param>
    public WhyQuery(LogView view, string @ref, ulong? at)
    {
        this.view = view;
        asked = @ref;
        state = at is { } offset ? view.LoadUpTo(offset) : view.Load();
        graph = state.Graph
            ?? throw new DataBuildException(Rules.NoGraphYet, $"at event {state.Offset} no graph is registered in '{view.Place.Show(view.Place.Log)}', so nothing is known of '{@ref}'; build first");
        family = graph.Find(@ref);
        if (!state.Refs.TryGet(@ref, out id))
        {
            id = -1;
        }

        if (family is null && !IsKnown)
        {
            throw new DataBuildException(Rules.UnknownRef, graph.NoProducerText(@ref, "asked about here"));
        }
    }

    private RefFacts Facts => id < 0 ? default : state[id];

    private Trouble? Trouble => id < 0 ? null : state.TroubleOf(id);

    /// <summary>An older graph had it, or something names it.</summary>
    private bool IsKnown => Facts.Flags != RefFlags.None || Trouble is not null
        || state.Troubles.Values.Any(trouble => Array.Exists(trouble.Missed, missed => missed == id));

    public WhyReport Answer()
    {
        var requesters = new Requesters(state, asked);
        var direct = requesters.Direct;
        var dependents = direct.Take(MostDependents).ToList();
        var judge = view.Judge(state, [.. requesters.Demanding.Take(MostDemanding).Concat(dependents).Append(asked).Distinct(StringComparer.Ordinal)]);
        var report = new WhyReport
        {
            Offset = state.Offset,
            Time = Timestamp.FromDateTimeOffset(state.Time),
            Verdict = judge.VerdictsOf([asked]).Single(),
            HeldBy = judge.HeldBy(asked),
            Pattern = family?.Pattern.Text ?? "",
            IsSource = family?.IsSource ?? Facts.IsSource,
            MoreDependents = direct.Count > dependents.Count || requesters.IsCut,
        };
        report.Text = report.Verdict.Reason.ToText();
        report.HeldByText = report.HeldBy?.ToText() ?? "";
        report.Awaited.AddRange(judge.VerdictsOf(judge.AwaitedBy(asked).Take(MostDependents)).Select(Status));
        report.Requesters.AddRange(requesters.Found);
        foreach (var dependent in judge.VerdictsOf(dependents))
        {
            (judge.AwaitedBy(dependent.Ref).Contains(asked, StringComparer.Ordinal) ? report.Waiting : report.Readers).Add(Status(dependent));
        }

        if (report.IsSource)
        {
            report.Source = Source();
        }
        else
        {
            AddInstance(report);
        }

        AddTrouble(report);
        if (id >= 0)
        {
            report.Run = state.ActiveRunOf(id) is { } run ? RunText.Of(state, run, Writer.Of(view.Place.Log) is not null) : null;
            report.Taints.AddRange(state.TaintsOf(id).Select(taint => RunText.Of(state, taint)));
            report.Changed = state.ChangeOf(id);
        }

        return report;
    }

    private static RefStatus Status(Verdict verdict) => new() { Ref = verdict.Ref, State = verdict.State, Text = verdict.Reason.ToText() };

    private SourceStatus? Source() => Facts.Flags == RefFlags.None && family is null ? null : new SourceStatus
    {
        Present = Facts.IsLive,
        Content = Facts.IsLive ? Facts.Content.ToString() : "",
        Offset = Facts.Offset,
        Path = family is { IsSource: true } ? family.SourcePath(asked) : "",
    };

    private void AddInstance(WhyReport report)
    {
        var facts = Facts;
        if (facts is { IsLive: false, IsLost: false, IsExpired: false })
        {
            return;
        }

        var instance = new InstanceStatus
        {
            Live = facts.IsLive,
            RunId = facts.LiveRun.ToString("D"),
            Content = facts.Content.ToString(),
            LostAt = facts.IsLost ? facts.Offset : 0,
            ExpiredAt = facts.IsExpired ? facts.Offset : 0,
        };
        var made = state.JobVersionAt(facts.JobVersion);
        if (state.CurrentJob(made.Job) is { } current && current.Index != made.Index)
        {
            instance.JobDiffers = made.DifferenceTo(current);
        }

        if (RunHistory.Find(view.Log, facts.LiveRun, facts.Offset) is { } history)
        {
            AddHistory(instance, history, report);
        }

        report.Instance = instance;
        foreach (var read in facts.Reads ?? [])
        {
            var there = state[read.Ref];
            report.Reads.Add(new ReadStatus
            {
                Ref = state.Refs[read.Ref],
                Content = read.Content.ToString(),
                Now = there.IsLive ? there.Content.ToString() : "",
                Equal = there.IsLive && there.Content == read.Content,
                Present = there.IsLive,
                Missed = read.Missed,
                RunId = read.Run == Guid.Empty ? "" : read.Run.ToString("D"),
            });
        }
    }

    private void AddHistory(InstanceStatus instance, RunHistory history, WhyReport report)
    {
        instance.QueuedAt = history.QueuedAt;
        instance.PublishedAt = history.EndedAt;
        instance.Published = history.End.Timestamp;
        instance.Refs = history.Queue.Partitions.Count;
        instance.WantIds.AddRange(history.Queue.WantIds);
        if (history.Queue.Partitions.FirstOrDefault(partition => partition.Ref == asked) is { } queued)
        {
            instance.Attempt = queued.Attempt;
            instance.Reason = queued.Reason;
            instance.Text = queued.Reason.ToText();
        }

        if (history.RunEnd is { } end)
        {
            instance.Duration = end.Duration;
            instance.Log = view.Place.ShowRun(end.Log);
            instance.LogGone = view.Place.WhyGone(end.Log);
            report.FileReads.AddRange(end.FileReads);
            if (end.Outcomes.FirstOrDefault(outcome => outcome.Ref == asked) is { Done: { } done } outcome)
            {
                instance.Size = done.Size;
                instance.Metadata.Add(done.Metadata);
                report.FileReads.AddRange(outcome.FileReads);
            }
        }
    }

    private void AddTrouble(WhyReport report)
    {
        if (Trouble is not { } trouble)
        {
            return;
        }

        report.Missed.AddRange(trouble.Missed.Select(missed => state.Refs[missed]));
        if (trouble.Failure is { } failure)
        {
            report.Failure = RunText.Of(state, id, trouble, failure, view.Place);
        }
    }
}
