using System.Globalization;
using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Graph;
using DataBuild.Engine.Reconciling;
using DataBuild.Engine.State;
using DataBuild.V1;
using Google.Protobuf.WellKnownTypes;

namespace DataBuild.Engine.Hosting;

/// <summary>Puts the end of a build or a plan into words: the table, one error a failed leaf, and the one line that sums it up.</summary>
internal sealed class BuildSummary(GraphLookup graph, BuildState state, Workspace workspace, BuildReport report)
{
    /// <summary>Most error lines; the last one says how many more there are.</summary>
    private const int MostErrors = 50;

    private readonly ulong began = state.Offset;

    public void Header(IReadOnlyList<WantRow> wants, PlanReport plan)
    {
        if (plan.WillRun + plan.MayRun == 0)
        {
            return;
        }

        long missing = wants.Sum(want => want.Total - want.Live - want.NotDue);
        string set = wants.Count == 1 ? "1 want" : Invariant($"{wants.Count} wants");
        report.Line(Invariant($"  {graph.Name}: {set}, {missing} of {wants.Sum(want => want.Total)} partitions to make or check"));
    }

    public void Table(IReadOnlyList<JobRow> rows)
    {
        int width = rows.Count == 0 ? 0 : rows.Max(row => row.Job.Length);
        foreach (var tally in report.Tallies.Where(tally => tally.Asked.Count > 0))
        {
            string asked = string.Join(", ", tally.Asked.Select(pair => Invariant($"{pair.Value.Count} {pair.Key}")));
            report.Line(Invariant($"    {tally.Job.PadRight(width)}  {Count(tally.MissedRuns, "run")} asked for {asked}"));
        }

        var order = report.Tallies.Select(tally => tally.Job).ToList();
        foreach (var row in rows.Where(row => row.Built + row.Failed + row.Blocked > 0).OrderBy(row => order.IndexOf(row.Job) is >= 0 and var place ? place : int.MaxValue))
        {
            string failed = row.Failed > 0 ? Invariant($"  {row.Failed} failed") : "";
            string blocked = row.Blocked > 0 ? Invariant($"  {row.Blocked} blocked") : "";
            string runs = row.Runs > 0 ? Invariant($"  {Count(row.Runs, "run"),-9}  {Seconds(row.Wall.ToTimeSpan())}") : "";
            report.Line(Invariant($"    {row.Job.PadRight(width)}  {row.Built,5} built{failed}{blocked}{runs}"));
        }
    }

    /// <summary>One warning for each job whose stale data is kept.</summary>
    public void Kept(Reconciler reconciler)
    {
        foreach (var (job, @ref, why, count) in reconciler.KeptStale())
        {
            report.Say(Rules.StaleKept.At(Invariant($"{count} stale partitions of job {job.Label} are kept, {@ref} among them: {why}; taint or delete what should be rebuilt"), job.Definition.Origin));
        }
    }

    /// <summary>One error for each failed leaf that stands in the way of a want.</summary>
    public long Errors(Reconciler reconciler)
    {
        var failures = reconciler.Failures();
        int said = 0;
        var cycles = new HashSet<string>(StringComparer.Ordinal);
        var quarantined = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (leaf, blocked) in failures)
        {
            if (said == MostErrors)
            {
                report.Say(Rules.WantBlocked.At(Invariant($"{failures.Count - said} more partitions failed; `databuild status` lists them")));
                break;
            }

            var (wanted, want) = Wanted(leaf.Ref, blocked);
            // All refs on a cycle fail for the one reason; a job's own error needs no other.
            var rule = RuleOf(leaf, wanted == leaf.Ref);
            if ((rule == Rules.Quarantined && !quarantined.Add(leaf.Job)) || (rule == Rules.WaitsForItself && !cycles.Add(leaf.Reason.Detail)) || (blocked.Count == 0 && report.HasOwnError(leaf.Reason.RunId)))
            {
                continue;
            }

            said++;
            string others = blocked.Count > 1 ? Invariant($" and {blocked.Count - 1} more") : "";
            string subject = wanted == leaf.Ref ? $"{leaf.Ref} failed" : $"{wanted}{others} blocked by {leaf.Ref}";
            report.Say(rule.At($"{subject}: {leaf.Reason.ToText()}{Log(leaf.Ref)}", IsOfJob(rule) ? graph.Find(leaf.Ref)?.Job?.Definition.Origin : want?.Want.Origin));
        }

        return failures.Count;
    }

    public static string NothingToDo(IReadOnlyList<WantRow> wants, long files, long sources, TimeSpan wall)
    {
        string open = wants.Sum(want => want.NotDue) is > 0 and var notDue ? Invariant($", {notDue} not due yet") : "";
        return Invariant($"nothing to do: {wants.Sum(want => want.Live)} wanted live{open}, {Count(files, "file")} and {Count(sources, "source")} unchanged ({Seconds(wall)})");
    }

    public string Built(IReadOnlyList<WantRow> wants, TimeSpan wall)
    {
        string show = FirstWanted() is { } path ? $"; open {workspace.Show(path)}" : "";
        string open = wants.Sum(want => want.NotDue) is > 0 and var notDue ? Invariant($", {notDue} not due yet") : "";
        return Invariant($"{report.Built} built{open}, {Count(report.Runs, "run")}, {Seconds(wall)}{show}");
    }

    public string Failed(IReadOnlyList<JobRow> rows, TimeSpan wall)
    {
        string failed = rows.Sum(row => row.Failed) is > 0 and var ownFault ? Invariant($", {ownFault} failed") : "";
        string blocked = rows.Sum(row => row.Blocked) is > 0 and var waiting ? Invariant($", {waiting} blocked") : "";
        return Invariant($"{report.Built} built{failed}{blocked}, {Count(report.Runs, "run")}, {Seconds(wall)}; retry: same command");
    }

    public void Plan(PlanReport plan)
    {
        foreach (var row in plan.Jobs.Where(row => row.WillRun + row.MayRun + row.Blocked + row.Failed > 0))
        {
            string will = row.WillRun > 0 ? Invariant($"  {row.WillRun} will run") : "";
            string may = row.MayRun > 0 ? Invariant($"  {row.MayRun} may run") : "";
            string blocked = row.Blocked + row.Failed > 0 ? Invariant($"  {row.Blocked + row.Failed} cannot") : "";
            var example = plan.Verdicts.First(verdict => verdict.Job == row.Job);
            report.Line($"    {row.Job.PadRight(plan.Jobs.Max(job => job.Job.Length))}{will}{may}{blocked}: {example.Ref}, {example.Reason.ToText()}");
        }

        foreach (var verdict in plan.Verdicts)
        {
            report.Line($"      {verdict.Ref}: {(verdict.WillRun ? "will run" : verdict.MayRun ? "may run" : verdict.State.ToString())}, {verdict.Reason.ToText()}", Importance.Low);
        }
    }

    /// <summary>Rows of a plan with what the runs of this build added.</summary>
    public IReadOnlyList<JobRow> Rows(PlanReport plan)
    {
        foreach (var tally in report.Tallies)
        {
            if (plan.Jobs.FirstOrDefault(row => row.Job == tally.Job) is { } row)
            {
                row.Built = tally.Built;
                row.Runs = tally.Runs;
                row.Missed = tally.MissedRuns;
                row.Wall = Duration.FromTimeSpan(tally.Wall);
            }
        }

        return plan.Jobs;
    }

    private (string Ref, WantFacts? Want) Wanted(string leaf, IReadOnlyList<string> blocked)
    {
        foreach (string @ref in blocked.Prepend(leaf))
        {
            if (WantOf(@ref) is { } want)
            {
                return (@ref, want);
            }
        }

        return (blocked is [var first, ..] ? first : leaf, null);
    }

    private WantFacts? WantOf(string @ref) =>
        state.Wants.FirstOrDefault(want => want is { IsActive: true, IsChild: false, Set: { } set } && set.Contains(@ref));

    private DiagnosticRule RuleOf(Verdict leaf, bool isWanted)
    {
        var trouble = state.Refs.TryGet(leaf.Ref, out int id) ? state.TroubleOf(id) : null;
        return leaf.Reason.Kind switch
        {
            ReasonKind.SourceMissing => Rules.SourceMissing,
            ReasonKind.Quarantined => Rules.Quarantined,
            ReasonKind.NoProducer => Rules.MissingWithoutProducer,
            ReasonKind.Failed when trouble is not { IsFinal: true } => Rules.WaitsForItself,
            ReasonKind.Failed when isWanted || trouble!.Failure!.FailureClass == FailureClass.Graph =>
                Rules.All.FirstOrDefault(rule => rule.Code == trouble!.Failure!.Code) ?? Rules.WantBlocked,
            _ => Rules.WantBlocked,
        };
    }

    /// <summary>What is to be mended is the job, whatever wants it: how it is started, what it says and what it leaves.</summary>
    private static bool IsOfJob(DiagnosticRule rule) => rule.Code.StartsWith("DBLD5", StringComparison.Ordinal) && rule != Rules.RunFailed && rule != Rules.InTheWay;

    private string Log(string leaf)
    {
        if (!state.Refs.TryGet(leaf, out int id) || state.TroubleOf(id) is not { Log.Length: > 0 } trouble)
        {
            return "";
        }

        string folder = Path.Combine(workspace.StateDirectory, trouble.Log);
        string stderr = Path.Combine(folder, "stderr.log");
        return $"; log {workspace.Show(File.Exists(stderr) ? stderr : Path.Combine(folder, "stdout.log"))}";
    }

    /// <summary>Something to look at: the first wanted partition that this build made, else the first one that is there.</summary>
    private string? FirstWanted()
    {
        string? first = null;
        foreach (string @ref in state.Wants.Where(want => want is { IsActive: true, IsChild: false, Set: not null }).SelectMany(want => want.Set!.Enumerate().Take(1000)))
        {
            if (state.Refs.TryGet(@ref, out int id) && state[id] is { IsLive: true } live)
            {
                if (live.Offset > began)
                {
                    return Path.Combine(workspace.DataRoot, @ref);
                }

                first ??= @ref;
            }
        }

        return first is null ? null : Path.Combine(workspace.DataRoot, first);
    }

    internal static string Seconds(TimeSpan time) => time.TotalMinutes < 2
        ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0}s")
        : string.Create(CultureInfo.InvariantCulture, $"{(long)time.TotalMinutes}m{time.Seconds:00}s");

    private static string Count(long count, string noun) => Invariant($"{count} {noun}{(count == 1 ? "" : "s")}");

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
