using BenchmarkDotNet.Attributes;
using DataBuild.Bench;
using DataBuild.Engine.Reconciling;
using DataBuild.Engine.State;
using DataBuild.V1;
using Google.Protobuf;

namespace DataBuild.Benchmarks;

/// <summary>A step of the reconciler: a run ended, the next one is chosen. Its cost must not grow with how much is wanted.</summary>
public class DecideBenchmarks
{
    private const int Steps = 500;

    private readonly Moment moment = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private BuildState state = null!;
    private Reconciler reconciler = null!;

    [Params(1_000, 100_000)]
    public int Wanted { get; set; }

    [IterationSetup]
    public void Setup()
    {
        state = new BuildState();
        foreach (var e in LogStory.Events(2))
        {
            state.Apply(state.Offset + 1, e.WantRegister is null ? e : new BuildEvent { WantRegister = new WantRegisterEventV1 { Wants = { LogStory.Want(Wanted) } }, Timestamp = e.Timestamp });
        }

        reconciler = new Reconciler(state, new ReconcilerOptions { LogId = "bench", MostActiveRuns = 1, SessionStart = state.Offset }, moment);

        // The first decision looks at everything that is wanted; the steps after it do not.
        Finish(reconciler.Decide(moment, mayRun: true));
    }

    [Benchmark(OperationsPerInvoke = Steps)]
    public int Step()
    {
        for (int i = 0; i < Steps; i++)
        {
            Finish(reconciler.Decide(moment, mayRun: true));
        }

        return state.LiveCount;
    }

    private void Finish(Decision decision)
    {
        foreach (var run in decision.Runs)
        {
            Apply(new BuildEvent { JobRunQueue = run.Queue });
            var end = new RunEnd { RunId = run.Queue.RunId };
            end.Outcomes.AddRange(run.Queue.Partitions.Select(partition => new PartitionOutcome
            {
                Ref = partition.Ref, Done = new PartitionDone { ContentFingerprint = ByteString.CopyFrom(new byte[15].Append((byte)1).ToArray()), Size = 17, Stamp = 1 },
            }));
            Apply(new BuildEvent { JobRunSuccess = new JobRunSuccessEventV1 { End = end } });
        }
    }

    private void Apply(BuildEvent e)
    {
        var change = new StateChange();
        e.Timestamp = Google.Protobuf.WellKnownTypes.Timestamp.FromDateTimeOffset(moment.Now);
        state.Apply(state.Offset + 1, e, change);
        reconciler.Changed(change);
    }
}
