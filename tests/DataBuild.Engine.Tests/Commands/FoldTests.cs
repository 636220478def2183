using DataBuild.Engine.State;
using DataBuild.Engine.Tests.Simulation;
using DataBuild.V1;

namespace DataBuild.Engine.Tests.Commands;

/// <summary>What accepting, adopting, renaming and holding mean for what a build then does.</summary>
public sealed class FoldTests
{
    private static Project Small() => new Project().Source("s/{n:int}").Makes("a/{n:int}", "s/{n}").Makes("b/{n:int}", "a/{n}").Want("b/{1..3}");

    private static Simulator Built()
    {
        var simulator = new Simulator(Small()).Has("s/1", "1").Has("s/2", "2").Has("s/3", "3");
        Assert.Equal(6, simulator.Build().Ran.Count);
        return simulator;
    }

    [Fact]
    public void What_is_accepted_after_its_jobs_and_sources_changed_is_not_built_again()
    {
        var simulator = Built();
        simulator.Project = Small().WithVersion("a", "2").WithVersion("b", "2");
        simulator.Sources["s/2"] = "other";
        simulator.Open();
        simulator.Watch("s/2");
        Accept(simulator, "a/{1..3}", "b/{1..3}");
        simulator.Converge();
        Assert.Empty(simulator.Look().Ran);
        Assert.Empty(simulator.Build().Ran);
    }

    [Fact]
    public void What_is_accepted_of_a_chain_alone_leaves_what_else_is_stale_to_the_build()
    {
        var simulator = Built();
        simulator.Project = Small().WithVersion("b", "2");
        simulator.Open();
        Accept(simulator, "b/1");
        simulator.Converge();
        Assert.Equal(["b/2", "b/3"], simulator.Look().Ran.Order());
    }

    [Fact]
    public void Content_that_somebody_else_wrote_counts_once_it_is_accepted_and_its_readers_are_built_anew()
    {
        var simulator = Built();
        simulator.Files["a/1"] = "by hand";
        Assert.Empty(simulator.Build().Ran);
        simulator.Open();
        Accept(simulator, "a/1");
        simulator.Converge();
        Assert.Equal(["b/1"], simulator.Look().Ran);
        Assert.Empty(simulator.Build().Ran);
    }

    [Fact]
    public void A_million_refs_are_accepted_by_one_small_event()
    {
        var simulator = Built();
        simulator.Project = Small().WithVersion("a", "2");
        simulator.Open();
        Accept(simulator, "a/{1..1000000}");
        simulator.Converge();
        Assert.Empty(simulator.Look().Ran);
        Assert.True(simulator.Events.Last().Event.CalculateSize() < 200);
    }

    [Fact]
    public void A_held_ref_waits_for_a_retry_within_its_session_and_a_later_build_runs_it()
    {
        var simulator = new Simulator(new Project().Makes("a/{n:int}").Makes("b/{n:int}", "a/{n}").Want("b/{1..2}"));
        simulator.Open();
        simulator.Begin();
        simulator.Cancel(simulator.UnderWay[0].RunId, hold: true);
        simulator.Converge();
        Assert.Equal(["a/1", "a/2", "b/2"], simulator.Look().Ran.Order());
        Assert.Equal(ReasonKind.Canceled, simulator.Look().Of("a/1").Reason.Kind);
        Assert.NotEqual(RefState.Failed, simulator.Look().StateOf("a/1"));
        Assert.NotEqual(RefState.UpstreamFailed, simulator.Look().StateOf("b/1"));
        var (_, held) = Assert.Single(simulator.Reconciler.Held());
        Assert.Equal(["a/1"], held);

        simulator.Happens(new BuildEvent { RetryRequest = new RetryRequestEventV1 { Refs = { "a/1" } } });
        simulator.Converge();
        Assert.True(simulator.Look().IsSuccessful);
    }

    [Fact]
    public void What_was_held_in_one_session_is_run_by_the_next_without_being_asked_for()
    {
        var simulator = new Simulator(new Project().Makes("a/{n:int}").Want("a/1"));
        simulator.Open();
        simulator.Begin();
        simulator.Cancel(simulator.UnderWay[0].RunId, hold: true);
        simulator.Converge();
        Assert.False(simulator.Look().IsSuccessful);
        Assert.True(simulator.Build().IsSuccessful);
        Assert.Empty(simulator.State.Troubles);
    }

    [Fact]
    public void A_run_for_which_nobody_is_left_that_wants_it_is_named()
    {
        var simulator = new Simulator(new Project().Makes("a/{n:int}").Makes("b/{n:int}", "a/{n}").Want("b/1"));
        simulator.Open();
        var asked = simulator.Want("b/2");
        simulator.Begin();
        Assert.Empty(simulator.Reconciler.UnwantedRuns());
        simulator.Happens(new BuildEvent { WantCancel = new WantCancelEventV1 { WantId = asked.WantId } });
        string unwanted = Assert.Single(simulator.Reconciler.UnwantedRuns());
        Assert.Equal("a/2", simulator.UnderWay.Single(run => run.RunId == unwanted).Partitions.Single().Ref);
    }

    [Fact]
    public void A_taint_with_what_is_downstream_marks_along_recorded_reads_through_any_number_of_hops()
    {
        var simulator = Built();
        simulator.Open();
        simulator.Happens(new BuildEvent
        {
            TaintCreate = new TaintCreateEventV1 { TaintId = "t", Partitions = new PartitionSet { Expressions = { "a/2" } }, Downstream = true },
        });
        Assert.Equal(["a/2", "b/2"], simulator.State.Taints.Single().Refs.Select(id => simulator.State.Refs[id]).Order());
        simulator.Happens(new BuildEvent { TaintCancel = new TaintCancelEventV1 { TaintId = "t", Partitions = new PartitionSet { Expressions = { "a/2" } } } });
        simulator.Converge();
        Assert.Equal(["b/2"], simulator.Look().Ran);
    }

    [Fact]
    public void After_a_rename_readers_and_taints_follow_and_nothing_is_built()
    {
        var simulator = Built();
        simulator.Open();
        simulator.Happens(new BuildEvent { Rename = new RenameEventV1 { RenameId = "r", From = "a/{n:int}", To = "new name/{n:int}" } });
        simulator.Happens(new BuildEvent { RenameEnd = new RenameEndEventV1 { RenameId = "r" } });
        simulator.Commit();
        foreach (int n in new[] { 1, 2, 3 })
        {
            simulator.Files.Remove($"a/{n}", out string? content);
            simulator.Files[$"new name/{n}"] = content!;
        }

        simulator.Project = new Project().Source("s/{n:int}").Job("a").Partition("new name/{n:int}", "a", "s/{n}").Makes("b/{n:int}", "new name/{n}").Want("b/{1..3}");
        Assert.Empty(simulator.Build().Ran);
        Assert.Equal(6, simulator.State.LiveCount);
        simulator.Open();
        simulator.Sources["s/1"] = "other";
        simulator.Watch("s/1");
        simulator.Converge();
        Assert.Equal(["new name/1", "b/1"], simulator.Look().Ran);
    }

    [Fact]
    public void What_is_adopted_counts_as_made_by_its_job_from_what_it_needs()
    {
        var simulator = new Simulator(Small()).Has("s/1", "1").Has("s/2", "2").Has("s/3", "3");
        foreach (int n in new[] { 1, 2, 3 })
        {
            simulator.Files[$"a/{n}"] = $"a{n}";
            simulator.Files[$"b/{n}"] = $"b{n}";
        }

        simulator.Open();
        foreach (int n in new[] { 1, 2, 3 })
        {
            simulator.Watch($"s/{n}");
            simulator.Happens(new BuildEvent
            {
                Adopt = new AdoptEventV1 { Partitions = { Adopted($"a/{n}", $"a{n}", $"s/{n}", $"{n}"), Adopted($"b/{n}", $"b{n}", $"a/{n}", $"a{n}") } },
            });
        }

        simulator.Converge();
        Assert.Empty(simulator.Look().Ran);
        simulator.Sources["s/3"] = "other";
        Assert.Equal(["a/3", "b/3"], simulator.Build().Ran);
    }

    private static AdoptedPartition Adopted(string @ref, string content, string input, string read) => new()
    {
        Ref = @ref,
        ContentFingerprint = Content.Fingerprint(content).ToByteString(),
        Stamp = Content.Stamp(content),
        Reads = { new Read { Ref = input, ContentFingerprint = Content.Fingerprint(read).ToByteString() } },
    };

    private static void Accept(Simulator simulator, params string[] sets) =>
        simulator.Happens(new BuildEvent { Accept = new AcceptEventV1 { Partitions = new PartitionSet { Expressions = { sets } }, Comment = "good" } });
}
