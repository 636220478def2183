using System.Diagnostics;
using System.Globalization;
using DataBuild.Engine.Reconciling;
using DataBuild.Engine.State;
using DataBuild.V1;
using Google.Protobuf;
using Xunit.Abstractions;

namespace DataBuild.Engine.Tests.Simulation;

/// <summary>
/// Cost follows what changed. The bounds are wide, since machines differ and are shared; what they catch is cost that grows
/// faster than what there is to do. The figures are in the tests' output.
/// </summary>
[Trait("Category", "Slow")]
public sealed class ScaleTests(ITestOutputHelper output)
{
    [Fact]
    public void Two_hundred_thousand_events_are_folded_in_seconds()
    {
        const int runs = 100_000;
        var document = new Project().Makes("a/{n:int}", "in/{n}").Source("in/{n:int}").Document;
        var events = new List<BuildEvent>
        {
            new() { GraphRegister = new GraphRegisterEventV1 { Graph = document, JobFingerprints = { new JobFingerprint { Job = "a", Fingerprint = ByteString.CopyFrom([1]) } } } },
        };
        var content = Content.Fingerprint("x").ToByteString();
        for (int i = 0; i < runs; i++)
        {
            string id = new Guid(i, 0, 0, [0, 0, 0, 0, 0, 0, 0, 1]).ToString("D");
            string @ref = $"a/{i % 50_000}";
            events.Add(new BuildEvent { JobRunQueue = new JobRunQueueEventV1 { RunId = id, Job = "a", JobFingerprint = ByteString.CopyFrom([1]), Partitions = { new RunPartition { Ref = @ref, Attempt = 1 } } } });
            events.Add(new BuildEvent
            {
                JobRunSuccess = new JobRunSuccessEventV1
                {
                    End = new RunEnd
                    {
                        RunId = id,
                        Outcomes =
                        {
                            new PartitionOutcome
                            {
                                Ref = @ref,
                                Done = new PartitionDone { ContentFingerprint = content },
                                Reads = { new Read { Ref = $"in/{i % 50_000}", ContentFingerprint = content } },
                            },
                        },
                    },
                },
            });
        }

        var state = new BuildState();
        Measured("fold of 200,001 events", TimeSpan.FromSeconds(15), () =>
        {
            ulong offset = 0;
            foreach (var e in events)
            {
                state.Apply(++offset, e);
            }
        });
        Assert.Equal(50_000, state.LiveCount);
    }

    [Fact]
    public void A_want_over_a_million_refs_is_one_small_event_and_a_session_costs_what_is_in_its_scope()
    {
        var simulator = new Simulator(new Project().Makes("b/{n:int}").Makes("a/{n:int}").Want("b/{1..100}"));
        simulator.Build();
        var want = new Want { WantId = "million", RootWantId = "million", Partitions = new PartitionSet { Expressions = { "a/{1..1000000}" } } };
        var made = new BuildEvent { WantCreate = new WantCreateEventV1 { Want = want } };
        Assert.True(made.CalculateSize() < 500);
        var state = simulator.Replay();
        string small = state.Wants.Single().Id;
        Measured("want of 1,000,000 applied", TimeSpan.FromSeconds(2), () => state.Apply(state.Offset + 1, made));
        Assert.Equal(1_000_000, state.FindWant("million")!.Set!.Count);

        long before = GC.GetAllocatedBytesForCurrentThread();
        Measured("session of 100 refs beside it", TimeSpan.FromSeconds(2), () =>
        {
            var session = new Reconciler(state, new ReconcilerOptions { LogId = "", Observe = false, WantIds = [small] }, new Moment(Simulator.Start));
            Assert.Equal(100, session.Plan().UpToDate);
        });
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 5_000_000);
    }

    [Fact]
    public void A_build_of_a_hundred_thousand_live_refs_with_nothing_to_do_is_linear()
    {
        const int count = 100_000;
        var simulator = new Simulator(new Project().Source("in/{n:int}").Makes("a/{n:int}", "in/{n}", batch: 10_000).Want($"a/{{1..{count}}}")) { Slots = 20 };
        for (int n = 1; n <= count; n++)
        {
            simulator.Has($"in/{n}", "x");
        }

        Measured($"first build of {count} refs in batches", TimeSpan.FromSeconds(60), () => Assert.Equal(count, simulator.Build().Ran.Count));
        Measured($"build of {count} live refs, nothing to do", TimeSpan.FromSeconds(30), () => Assert.Empty(simulator.Build().Ran));
        simulator.Has("in/77", "y");
        Measured($"one change among {count}", TimeSpan.FromSeconds(30), () => Assert.Equal(["a/77"], simulator.Build().Ran));
    }

    [Fact]
    public void A_chain_of_ten_thousand_is_linear()
    {
        var simulator = new Simulator(new Project().Makes("a/{n:int}", "a/{n-1}").Want("a/10000")) { Slots = 1 };
        Measured("chain of 10,000", TimeSpan.FromSeconds(60), () => Assert.Equal(10_001, simulator.Build().Ran.Count));
        Measured("chain of 10,000, nothing to do", TimeSpan.FromSeconds(15), () => Assert.Empty(simulator.Build().Ran));
    }

    [Fact]
    public void A_fan_in_of_ten_thousand_is_linear_also_when_all_of_it_fails()
    {
        bool broken = true;
        var simulator = new Simulator(new Project().Makes("a/{n:int}").Makes("b/{n:int}", "a/{1..10000}").Want("b/1").With(document => document.Jobs[0].QuarantineAfter = "0")) { Slots = 8 };
        simulator.Does("a", run =>
        {
            run.Write(run.Ref, "x");
            run.Exit(broken ? 1 : 0);
        });
        Measured("fan-in of 10,000, all fail", TimeSpan.FromSeconds(60), () => Assert.Equal(10_000, simulator.Build().Ran.Count));
        broken = false;
        Measured("fan-in of 10,000", TimeSpan.FromSeconds(60), () => Assert.Equal(10_001, simulator.Build().Ran.Count));
    }

    [Fact]
    public void Ten_layers_of_a_hundred_that_read_each_the_whole_layer_before_are_linear_in_their_edges()
    {
        var project = new Project().Makes("l0/{n:int}");
        for (int i = 1; i < 10; i++)
        {
            project.Makes($"l{i}/{{n:int}}", $"l{i - 1}/{{1..100}}");
        }

        var simulator = new Simulator(project.Want("l9/{1..100}")) { Slots = 8 };
        Measured("10 x 100, full bipartite", TimeSpan.FromSeconds(60), () => Assert.Equal(1_000, simulator.Build().Ran.Count));
        Measured("10 x 100, nothing to do", TimeSpan.FromSeconds(20), () => Assert.Empty(simulator.Build().Ran));
    }

    private void Measured(string what, TimeSpan most, Action action)
    {
        var clock = Stopwatch.StartNew();
        var before = Process.GetCurrentProcess().TotalProcessorTime;
        action();
        var cpu = Process.GetCurrentProcess().TotalProcessorTime - before;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: {clock.Elapsed.TotalSeconds:0.00} s, {cpu.TotalSeconds:0.00} s of processor"));
        Assert.True(cpu < most, $"{what} took {cpu} of processor, more than {most}");
    }
}
