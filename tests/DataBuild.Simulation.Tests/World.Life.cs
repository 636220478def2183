using System.Globalization;
using DataBuild.Engine.Hosting;
using DataBuild.Engine.Hosting.Commands;
using DataBuild.Engine.State;
using DataBuild.V1;

namespace DataBuild.Simulation.Tests;

/// <summary>A scenario from its first build to its last.</summary>
internal sealed partial class World
{
    /// <summary>With faults stopped, so many builds have to do.</summary>
    private const int MostCalmBuilds = 3;

    private readonly List<(Happening What, int Salt)> edits = [];
    private readonly List<(Happening What, int Salt)> commands = [];
    private bool hasAccepted;

    public void Live()
    {
        for (int session = scenario.Sessions; session > 0; session--)
        {
            Session();
        }

        Calm();
        bool isDone = false;
        for (int build = 0; build < MostCalmBuilds && !isDone; build++)
        {
            var engine = Session();
            isDone = engine.Reconciler?.Plan() is { WillRun: 0, MayRun: 0 };
        }

        Assert.True(isDone, "with faults stopped there is still something to run");
        Cluster.WriteLate(new SimEngine(this), all: true);
        var last = Session();
        Settled(last);
    }

    private SimEngine Session()
    {
        // Long enough for what is not wanted to expire from one session to the next.
        Now += scenario.HasRetention ? TimeSpan.FromHours(1) : TimeSpan.Zero;
        foreach (var (what, salt) in Taken(edits))
        {
            scenario.Edit(what, salt);
        }

        foreach (var (what, salt) in Taken(commands))
        {
            Command(what, salt);
        }

        var engine = new SimEngine(this);
        Cluster.GoOn(engine);
        bool ended = engine.Build();
        CheckRest(engine, ended && engine.IsLeader);
        if (!faults)
        {
            Assert.True(ended, $"with faults stopped the engine ended with {engine.Diagnostics.LastOrDefault()?.Text ?? "its death"}");
        }

        return engine;
    }

    /// <summary>Each want is satisfied with the content of a faultless build, or a leaf that failed explains why not; and nothing was done again.</summary>
    private void Settled(SimEngine engine)
    {
        var state = engine.State!;
        Assert.True(Processes.Count == 0, "a process is left");
        Assert.True(state.ActiveRunCount == 0, "a run is under way and the engine ended");
        Assert.False(Cluster.Runs.Any(run => Disk.Runs.ContainsKey(run.Id)), "a run of the cluster left its directory");
        foreach (string @ref in state.Wants.Where(want => want is { IsActive: true, IsChild: false, Set: not null }).SelectMany(want => want.Set!.Enumerate()).Distinct())
        {
            var verdict = engine.Reconciler!.VerdictOf(@ref);
            string? expected = Jobs.Expected(@ref);
            if (expected is not null && Jobs.IsWhole(@ref, state))
            {
                Assert.True(verdict.State == RefState.Live, $"{@ref} is {verdict.State}: {verdict.Reason}");
                // What was accepted stays as it is, and so does what was made from it.
                Assert.True(hasAccepted || Disk.Partitions.GetValueOrDefault(@ref) == expected, $"{@ref} is '{Disk.Partitions.GetValueOrDefault(@ref)}' and would be '{expected}' without faults");
            }
            else if (verdict.State != RefState.Live)
            {
                Assert.True(verdict.State is RefState.UpstreamFailed or RefState.Failed, $"{@ref} cannot be made and is {verdict.State}");
                Assert.True(verdict.Reason.Ref.Length > 0 || verdict.Reason.Detail.Length > 0, $"{@ref} is {verdict.State} and nothing says why");
            }
        }
    }

    /// <summary>A verb on a log that nobody else has.</summary>
    private void Command(Happening what, int salt)
    {
        Log = Log.Reopen();
        var state = Replay(Log.LastOffset);
        if (state.Graph is null || RequestOf(what, salt, state) is not { } request)
        {
            return;
        }

        var journal = new Journal(Log, state);
        var decision = CommandDecider.Decide(request, new CommandContext { State = state, Now = Now, Files = Files(journal, new SimStore(this, null, Log.Term)) });
        foreach (var e in decision.Events)
        {
            journal.Add(e, Now);
        }

        journal.Commit();
    }

    public CommandFiles Files(Journal journal, SimStore store) => new(journal, null!, store, "/p", () => Now);

    private CommandRequest? RequestOf(Happening what, int salt, BuildState state)
    {
        var request = new CommandRequest { ProtocolVersion = 1, CommandId = string.Create(CultureInfo.InvariantCulture, $"{what}-{number}") };
        var live = Enumerable.Range(0, state.Refs.Count).Where(id => state[id] is { IsLive: true, IsSource: false }).Select(id => state.Refs[id]).ToList();
        switch (what)
        {
            case Happening.Taint when Pick(live, salt) is { } @ref:
                request.Taint = new TaintCommand { Partitions = SetOf(@ref), Downstream = salt % 3 == 0 };
                break;
            case Happening.Untaint when Pick([.. state.Taints.Select(taint => taint.Taint.TaintId)], salt) is { } taint:
                request.Untaint = new UntaintCommand { Target = taint };
                break;
            case Happening.Want:
                request.Want = new WantCommand { Partitions = SetOf(scenario.AnyRef(salt)), Priority = salt % 9 };
                break;
            case Happening.CancelWant when Pick([.. state.Wants.Where(want => want is { IsStanding: false, IsChild: false, IsActive: true }).Select(want => want.Id)], salt) is { } want:
                request.Cancel = new CancelCommand { Target = want };
                break;
            case Happening.CancelRun when Pick([.. state.ActiveRuns.Select(run => run.IdText)], salt) is { } run:
                request.Cancel = new CancelCommand { Target = run };
                break;
            case Happening.Retry:
                request.Retry = new RetryCommand { Partitions = SetOf(scenario.AnyRef(salt)) };
                break;
            case Happening.Accept when Pick(live, salt) is { } @ref:
                hasAccepted = true;
                request.Accept = new AcceptCommand { Partitions = SetOf(@ref), Comment = "good enough" };
                break;
            default:
                return null;
        }

        return request;
    }

    private static PartitionSet SetOf(string @ref) => new() { Expressions = { @ref } };

    private static string? Pick(List<string> from, int salt) => from.Count == 0 ? null : from.Order(StringComparer.Ordinal).ElementAt(salt % from.Count);

    private static List<T> Taken<T>(List<T> from)
    {
        var taken = new List<T>(from);
        from.Clear();
        return taken;
    }
}
