using System.Globalization;
using DataBuild.Engine.State;
using DataBuild.V1;
using Google.Protobuf.WellKnownTypes;

namespace DataBuild.Simulation.Tests;

/// <summary>A scenario from its first build to its last.</summary>
internal sealed partial class World
{
    /// <summary>With faults stopped, so many builds have to do.</summary>
    private const int MostCalmBuilds = 3;

    private readonly List<(Happening What, int Salt)> edits = [];
    private readonly List<(Happening What, int Salt)> commands = [];
    private readonly List<string> handmade = [];

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
        var last = Session();
        Settled(last);
    }

    private SimEngine Session()
    {
        foreach (var (what, salt) in Taken(edits))
        {
            scenario.Edit(what, salt);
        }

        foreach (var (what, salt) in Taken(commands))
        {
            Command(what, salt);
        }

        var engine = new SimEngine(this);
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
        foreach (string @ref in state.Wants.Where(want => want is { IsActive: true, IsChild: false, Set: not null }).SelectMany(want => want.Set!.Enumerate()).Distinct())
        {
            var verdict = engine.Reconciler!.VerdictOf(@ref);
            string? expected = Jobs.Expected(@ref);
            if (expected is not null && Jobs.IsWhole(@ref, state))
            {
                Assert.True(verdict.State == RefState.Live, $"{@ref} is {verdict.State}: {verdict.Reason}");
                Assert.True(Disk.Partitions.GetValueOrDefault(@ref) == expected, $"{@ref} is '{Disk.Partitions.GetValueOrDefault(@ref)}' and would be '{expected}' without faults");
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
        if (state.Graph is null || Event(what, salt, state) is not { } e)
        {
            return;
        }

        e.Timestamp = Timestamp.FromDateTimeOffset(Now);
        state.Apply(state.Offset + 1, e);
        Log.Append([e]);
    }

    private BuildEvent? Event(Happening what, int salt, BuildState state)
    {
        string id = string.Create(CultureInfo.InvariantCulture, $"{what}-{state.Offset}");
        switch (what)
        {
            case Happening.Taint when Pick([.. live.Keys], salt) is { } @ref && IsLive(state, @ref):
                return new BuildEvent { TaintCreate = new TaintCreateEventV1 { TaintId = id, Partitions = new PartitionSet { Expressions = { @ref } } } };
            case Happening.Untaint when Pick([.. state.Taints.Select(taint => taint.Taint.TaintId)], salt) is { } taint:
                return new BuildEvent { TaintCancel = new TaintCancelEventV1 { TaintId = taint } };
            case Happening.Want:
                handmade.Add(id);
                return new BuildEvent
                {
                    WantCreate = new WantCreateEventV1
                    {
                        Want = new Want { WantId = id, RootWantId = id, Priority = salt % 9, Partitions = new PartitionSet { Expressions = { scenario.AnyRef(salt) } } },
                    },
                };
            case Happening.CancelWant when Pick([.. handmade.Where(want => state.FindWant(want) is { IsActive: true })], salt) is { } want:
                return new BuildEvent { WantCancel = new WantCancelEventV1 { WantId = want } };
            case Happening.Retry when Pick([.. state.Troubles.Keys.Select(trouble => state.Refs[trouble])], salt) is { } failed:
                return new BuildEvent { RetryRequest = new RetryRequestEventV1 { Refs = { failed }, Source = "command line" } };
            default:
                return null;
        }
    }

    private static bool IsLive(BuildState state, string @ref) => state.Refs.TryGet(@ref, out int id) && state[id].IsLive;

    private static string? Pick(List<string> from, int salt) => from.Count == 0 ? null : from.Order(StringComparer.Ordinal).ElementAt(salt % from.Count);

    private static List<T> Taken<T>(List<T> from)
    {
        var taken = new List<T>(from);
        from.Clear();
        return taken;
    }
}
