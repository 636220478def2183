using DataBuild.Engine.Tests.Simulation;
using DataBuild.V1;

namespace DataBuild.Engine.Tests.Reconciling;

/// <summary>Rules of outcomes that a mutant broke and no other test saw.</summary>
public sealed class OutcomeRuleTests
{
    private static Project Batch(int size, int retries = 0) => new Project().Source("in/{n:int}").Makes("a/{n:int}", batch: size, retries: retries).Makes("x/{n:int}").Want($"a/{{1..{size}}}");

    /// <summary>What the first run came to.</summary>
    private static (RunEnd End, Simulator Simulator) First(Simulator simulator)
    {
        simulator.Open();
        simulator.Begin();
        simulator.End(simulator.UnderWay[0].RunId);
        simulator.Commit();
        var e = simulator.Events.Select(stored => stored.Event).Last(e => e.JobRunFailure is not null || e.JobRunMissingDeps is not null || e.JobRunSuccess is not null);
        return (e.JobRunFailure?.End ?? e.JobRunMissingDeps?.End ?? e.JobRunSuccess.End, simulator);
    }

    [Fact]
    public void What_one_ref_of_a_batch_read_is_no_read_of_the_others()
    {
        var simulator = new Simulator(Batch(3)).Has("in/1", "x").Has("in/2", "x").Has("in/9", "x").Does("a", call =>
        {
            foreach (string @ref in call.Refs)
            {
                call.Write(@ref, @ref + call.Read("in/1") + call.ReadFile("f"));
            }

            call.ReportReads(["in/9"]);
            call.ReportReads(["in/1"], "a/1");
            call.ReportReads(["in/2"], "a/3");
            call.Messages.Add(new JobMessage { For = { "a/1" }, ReadFiles = new ReadFiles { Paths = { "one" } } });
            call.Messages.Add(new JobMessage { ReadFiles = new ReadFiles { Paths = { "all" } } });
        });
        simulator.Build();
        var reads = Enumerable.Range(1, 3).Select(n => simulator.State[simulator.State.Refs.Intern($"a/{n}")].Reads!.Select(read => simulator.State.Refs[read.Ref]).Order());
        Assert.Equal(["in/1 in/9", "in/9", "in/2 in/9"], reads.Select(read => string.Join(' ', read)));
        var files = Enumerable.Range(1, 3).Select(n => simulator.State.FileReadsOf(simulator.State.Refs.Intern($"a/{n}")).Select(file => file.Path).Order());
        Assert.Equal(["all f one", "all f", "all f"], files.Select(file => string.Join(' ', file)));
        simulator.Has("in/1", "y");
        Assert.Equal(["a/1"], simulator.Build().Ran);
    }

    [Fact]
    public void A_run_that_made_some_refs_and_lacks_inputs_for_others_is_neither_a_failure_nor_a_success()
    {
        var (end, simulator) = First(new Simulator(Batch(2)).Does("a", call =>
        {
            call.Write("a/1", "1");
            call.Done("a/1");
            call.Miss("x/1", "a/2");
            call.Exit(75);
        }));
        Assert.Equal(["Done", "Missed"], end.Outcomes.Select(outcome => outcome.OutcomeCase.ToString()));
        Assert.Contains(simulator.Events, stored => stored.Event.JobRunMissingDeps is not null);
        Assert.Equal((75, "1"), (end.ExitCode, simulator.Files["a/1"]));
    }

    [Fact]
    public void Only_who_lacks_a_ref_of_its_own_batch_is_to_run_in_a_smaller_one()
    {
        var (end, _) = First(new Simulator(Batch(4)).Does("a", call =>
        {
            call.Miss("a/1", "a/2");
            call.Miss("x/3", "a/3");
            call.Miss(["x/3", "a/1"], "a/4");
            call.Done("a/1");
            call.Write("a/1", "1");
            call.Exit(75);
        }));
        Assert.Equal([2u, 0u, 2u], end.Outcomes.Skip(1).Select(outcome => outcome.Missed.BatchLimit));
        var (alone, _) = First(new Simulator(Batch(1)).Does("a", call => call.Miss("x/1")));
        Assert.Equal(0u, alone.Outcomes[0].Missed.BatchLimit);
    }

    [Theory]
    [InlineData(true, 2)]
    [InlineData(null, 2)]
    [InlineData(false, 1)]
    public void What_the_job_says_of_a_retry_holds(bool? retryable, int runs)
    {
        var simulator = new Simulator(Batch(1, retries: 1)).Does("a", call => call.Fail("a/1", retryable: retryable));
        Assert.Equal(runs, simulator.Build().Runs.Count);
    }

    [Fact]
    public void An_output_that_is_not_there_after_a_good_end_is_not_tried_again() =>
        Assert.Single(new Simulator(Batch(1, retries: 3)).Does("a", _ => { }).Build().Runs);

    [Fact]
    public void A_ref_that_failed_in_a_run_that_ended_well_is_no_failure_of_the_job()
    {
        var simulator = new Simulator(Batch(1)).Does("a", call => call.Fail("a/1", retryable: false));
        simulator.Project.Document.Jobs[0].QuarantineAfter = "1";
        simulator.Build();
        Assert.Equal(FailureClass.Unspecified, Assert.Single(simulator.Events, stored => stored.Event.JobRunFailure is not null).Event.JobRunFailure.FailureClass);
        Assert.DoesNotContain(simulator.Events, stored => stored.Event.JobQuarantine is not null);
    }

    [Fact]
    public void The_end_of_what_a_failed_run_said_is_kept_and_no_more()
    {
        var simulator = new Simulator(Batch(1)).Does("a", call => call.Exit(1, new string('x', 5000) + "end"));
        simulator.Build();
        string tail = simulator.Events.First(stored => stored.Event.JobRunFailure is not null).Event.JobRunFailure.StderrTail;
        Assert.Equal((2048, "end"), (tail.Length, tail[^3..]));
    }

    [Fact]
    public void A_set_that_was_read_is_each_ref_of_it_and_what_nothing_answers_to_is_warned_of_and_not_recorded()
    {
        var simulator = new Simulator(Batch(1).Want("x/{1..2}", priority: 1)) { Slots = 1 }.Does("a", call =>
        {
            call.Write("a/1", "1");
            call.ReportReads(["x/{1..2}", "nobody/1", "{"]);
        });
        simulator.Build();
        var state = simulator.State;
        Assert.Equal(["x/1", "x/2"], state[state.Refs.Intern("a/1")].Reads!.Select(read => state.Refs[read.Ref]).Order());
        Assert.Equal(2, simulator.Warnings.Count(warning => warning.Code == Engine.Diagnostics.Rules.ReadUnknown.Code));
    }

    [Fact]
    public void What_was_once_reported_missing_stays_a_known_input_though_no_later_run_says_so()
    {
        var project = Batch(1);
        var simulator = new Simulator(project).Does("a", call =>
        {
            if (call.Read("x/1") is null)
            {
                call.Miss("x/1");
                call.Exit(75);
                return;
            }

            call.Write("a/1", "1" + call.Read("x/1"));
        });
        simulator.Build();
        simulator.Project = project = project.WithVersion("a", "2");
        Assert.Equal(["a/1"], simulator.Build().Ran);
        simulator.Project = project.WithVersion("x", "2");
        Assert.Equal(["x/1", "a/1"], simulator.Build().Ran);
    }

    [Fact]
    public void A_job_that_reports_what_it_read_is_not_warned_of_though_it_declares_no_needs()
    {
        var simulator = new Simulator(Batch(1)).Has("in/1", "x").Does("a", call =>
        {
            call.Write("a/1", "1");
            call.ReportReads(["in/1"]);
        });
        simulator.Build();
        Assert.Empty(simulator.Warnings);
    }
}
