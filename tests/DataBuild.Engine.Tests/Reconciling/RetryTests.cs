using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Tests.Simulation;
using DataBuild.V1;

namespace DataBuild.Engine.Tests.Reconciling;

/// <summary>What is tried again, when, and at whose cost.</summary>
public sealed class RetryTests
{
    private static Simulator One(Action<JobCall> job, int retries = 0, string exitCodes = "") => new Simulator(
        new Project().Job("a", retries: retries, retryExitCodes: exitCodes).Partition("a/{n:int}", "a").Makes("x/{n:int}").Want("a/1")).Does("a", job);

    [Fact]
    public void A_user_failure_is_retried_as_often_as_the_job_says_with_doubling_waits_within_a_fifth_of_jitter()
    {
        var starts = new List<DateTimeOffset>();
        Simulator simulator = null!;
        simulator = One(
            run =>
            {
                starts.Add(simulator.Now);
                Assert.Equal([starts.Count], run.Attempts);
                run.Exit(1);
            },
            retries: 3);
        var build = simulator.Build();
        Assert.Equal(4, starts.Count);
        for (int i = 1; i < 4; i++)
        {
            double expected = 10 * Math.Pow(2, i - 1);
            Assert.InRange((starts[i] - starts[i - 1]).TotalSeconds, expected * 0.8, expected * 1.2);
        }

        Assert.Equal(RefState.Failed, build.StateOf("a/1"));
        Assert.Equal(ReasonKind.Retry, build.Runs[1].Partitions[0].Reason.Kind);
    }

    [Fact]
    public void The_instant_of_a_retry_is_in_the_event_and_a_replay_knows_it()
    {
        var simulator = One(run => run.Exit(1), retries: 1);
        simulator.Open();
        simulator.Begin();
        simulator.End(simulator.UnderWay[0].RunId);
        simulator.Begin();
        var at = simulator.Events.Last(stored => stored.Event.JobRunFailure is not null).Event.JobRunFailure.End.Outcomes[0].Failed.RetryAt;
        Assert.Equal(at.ToDateTimeOffset(), simulator.Replay().TroubleOf(0)!.NotBefore);
        Assert.Equal(at.ToDateTimeOffset(), simulator.Last!.RetryAt);
        var verdict = simulator.Look().Of("a/1");
        Assert.Equal((ReasonKind.NotBefore, at), (verdict.Reason.Kind, verdict.Reason.NotBefore));
    }

    [Fact]
    public void Each_class_of_failure_has_its_own_budget()
    {
        int run = 0;
        var simulator = One(
            call =>
            {
                switch (++run)
                {
                    case 1: call.EndBySignal(9); break;
                    case 2: call.Exit(1); break;
                    case 3: call.TimeOut(); break;
                    case 4: call.EndBySignal(9); break;
                    default: call.MakeFromNeeds(); break;
                }
            },
            retries: 1);
        Assert.True(simulator.Build().IsSuccessful);
        Assert.Equal(5, run);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(15)]
    public void What_somebody_else_cancelled_has_a_budget_of_its_own_that_the_job_does_not_set(int signal)
    {
        var simulator = One(call => call.EndBySignal(signal), retries: 0);
        var build = simulator.Build();
        Assert.Equal(4, build.Runs.Count);
        var failure = simulator.State.TroubleOf(simulator.State.Refs.Intern("a/1"))!;
        Assert.Equal((FailureClass.Canceled, "DBLD4080", 4, 0), (failure.Failure!.FailureClass, failure.Failure.Code, failure.SpentOn(FailureClass.Canceled), failure.SpentOn(FailureClass.Infrastructure)));
        Assert.Contains($"signal {signal}", failure.Failure.Message, StringComparison.Ordinal);
        Assert.True(simulator.Does("a", call => call.MakeFromNeeds()).Build().IsSuccessful);
    }

    [Fact]
    public void What_somebody_else_cancelled_counts_against_no_other_class_and_not_towards_quarantine()
    {
        int run = 0;
        var simulator = new Simulator(new Project().Makes("a/{n:int}").Want("a/1"));
        simulator.Project.Document.Jobs[0].QuarantineAfter = "1";
        simulator.Does("a", call =>
        {
            if (++run <= 6)
            {
                call.EndBySignal(run % 2 == 0 ? 9 : 15);
            }
            else
            {
                call.MakeFromNeeds();
            }
        });
        Assert.True(simulator.Build().IsSuccessful);
        Assert.Equal(7, run);
        Assert.Equal(0, simulator.State.StraightFailuresOf("a", 0));
    }

    [Fact]
    public void A_batch_that_was_cancelled_is_tried_again_as_it_was_and_never_in_halves()
    {
        var simulator = new Simulator(new Project().Makes("a/{n:int}", batch: 4).Want("a/{1..4}")).Does("a", call => call.EndBySignal(15));
        var build = simulator.Build();
        Assert.Equal([4, 4, 4, 4], build.Runs.Select(one => one.Partitions.Count));
        Assert.Equal(RefState.Failed, build.StateOf("a/3"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Output_that_the_disk_cannot_take_is_no_fault_of_the_job(int exitCode)
    {
        int run = 0;
        var simulator = new Simulator(new Project().Job("a", batch: 2).Partition("a/{n:int}", "a").Want("a/{1..2}"));
        simulator.Project.Document.Jobs[0].QuarantineAfter = "1";
        simulator.Does("a", call =>
        {
            if (++run <= 3)
            {
                call.Exit(exitCode);
                call.Done("a/1");
                call.Untaken = Rules.DataRootFull.At("cannot prepare the run: No space left on device");
            }
            else
            {
                call.MakeFromNeeds();
            }
        });
        var build = simulator.Build();
        Assert.True(build.IsSuccessful);
        Assert.Equal([2, 2, 2, 2], build.Runs.Select(one => one.Partitions.Count));
        var failures = simulator.Events.Select(stored => stored.Event.JobRunFailure).OfType<JobRunFailureEventV1>().ToList();
        Assert.All(failures, failure => Assert.Equal(FailureClass.Infrastructure, failure.FailureClass));
        Assert.All(failures.SelectMany(failure => failure.End.Outcomes), outcome =>
            Assert.Equal((FailureClass.Infrastructure, "DBLD6111"), (outcome.Failed.FailureClass, outcome.Failed.Code)));
        Assert.Equal(0, simulator.State.StraightFailuresOf("a", 0));
    }

    [Fact]
    public void A_disk_that_stays_full_fails_the_refs_with_its_code_once_the_budget_is_spent_and_quarantines_nothing()
    {
        var simulator = new Simulator(new Project().Makes("a/{n:int}", batch: 2).Want("a/{1..2}"));
        simulator.Project.Document.Jobs[0].QuarantineAfter = "1";
        var build = simulator.Does("a", call => call.Untaken = Rules.DataRootFull.At("no room")).Build();
        Assert.Equal(4, build.Runs.Count);
        Assert.Contains("no room", build.Of("a/1").Reason.Detail, StringComparison.Ordinal);
        Assert.False(simulator.State.IsQuarantined("a"));
    }

    [Fact]
    public void What_the_job_said_of_a_ref_holds_though_the_disk_could_not_take_the_rest()
    {
        var simulator = new Simulator(new Project().Makes("a/{n:int}", batch: 3).Want("a/{1..3}"));
        simulator.Does("a", call =>
        {
            call.Fail("a/1", "bad data", retryable: false);
            call.Later(500, "a/2");
            call.Untaken = Rules.DataRootFailed.At("cannot read");
        });
        simulator.Open();
        simulator.Begin();
        simulator.End(simulator.UnderWay[0].RunId);
        var outcomes = simulator.Replayed().JobRunFailure.End.Outcomes.ToDictionary(outcome => outcome.Ref);
        Assert.Equal(FailureClass.User, outcomes["a/1"].Failed.FailureClass);
        Assert.NotNull(outcomes["a/2"].Missed);
        Assert.Equal(FailureClass.Infrastructure, outcomes["a/3"].Failed.FailureClass);
    }

    [Theory]
    [InlineData("DBLD5006", 4)]
    [InlineData("DBLD5012", 4)]
    [InlineData("DBLD5001", 1)]
    public void A_process_that_cannot_be_started_is_tried_again_where_that_may_pass(string code, int runs)
    {
        var simulator = One(call =>
        {
            call.CannotStart();
            call.Diagnostics.Add(new Diagnostic { Code = code, Severity = Severity.Error, Text = "cannot start" });
        });
        Assert.Equal(runs, simulator.Build().Runs.Count);
    }

    [Fact]
    public void A_lost_process_is_tried_three_times_more_whatever_the_job_says()
    {
        var build = One(call => call.EndBySignal(9)).Build();
        Assert.Equal(4, build.Runs.Count);
    }

    [Fact]
    public void A_batch_whose_process_is_lost_is_tried_as_it_was_and_in_halves_once_its_budget_is_spent()
    {
        var simulator = new Simulator(new Project().Makes("a/{n:int}", batch: 2).Want("a/{1..2}")).Does("a", run =>
        {
            run.MakeFromNeeds();
            if (run.Refs.Contains("a/2"))
            {
                run.EndBySignal(9);
            }
        });
        var build = simulator.Build();
        Assert.Equal(["a/1 a/2", "a/1 a/2", "a/1 a/2", "a/1 a/2", "a/1", "a/2"], build.Batches);
        Assert.Equal(RefState.Live, build.StateOf("a/1"));
        Assert.Equal(RefState.Failed, build.StateOf("a/2"));
    }

    [Fact]
    public void What_cannot_start_or_breaks_the_protocol_is_not_tried_again()
    {
        Assert.Single(One(call => call.CannotStart(), retries: 5).Build().Runs);
        Assert.Single(One(_ => { }, retries: 5).Build().Runs);
    }

    [Theory]
    [InlineData(75, 3)]
    [InlineData(1, 1)]
    public void Only_the_exit_codes_that_the_job_names_are_retried(int exitCode, int runs) =>
        Assert.Equal(runs, One(call => call.Exit(exitCode), retries: 2, exitCodes: "75").Build().Runs.Count);

    [Fact]
    public void A_ref_that_the_job_calls_hopeless_is_not_retried()
    {
        var simulator = One(call => call.Fail("a/1", "never", retryable: false), retries: 5);
        Assert.Single(simulator.Build().Runs);
    }

    [Fact]
    public void A_job_that_asks_to_be_run_later_is_run_then_and_pays_no_retry()
    {
        var starts = new List<DateTimeOffset>();
        Simulator simulator = null!;
        simulator = One(call =>
        {
            starts.Add(simulator.Now);
            Assert.Equal([1], call.Attempts);
            if (starts.Count < 4)
            {
                call.Later(600);
                call.Exit(75);
            }
            else
            {
                call.MakeFromNeeds();
            }
        });
        simulator.Open();
        simulator.Converge(maxWait: TimeSpan.FromHours(1));
        Assert.Equal([0.0, 600, 1200, 1800], starts.Select(start => (start - Simulator.Start).TotalSeconds));
        Assert.True(simulator.Look().IsSuccessful);
    }

    [Fact]
    public void A_build_that_may_not_wait_so_long_ends_and_says_until_when()
    {
        var simulator = One(call =>
        {
            call.Later(600);
            call.Exit(75);
        });
        var build = simulator.Build();
        Assert.Single(build.Runs);
        Assert.Equal(Simulator.Start.AddSeconds(600), simulator.Last!.PostponedTo);
        Assert.True(simulator.Last.IsQuiet);
        Assert.Equal(ReasonKind.NotBefore, build.Of("a/1").Reason.Kind);
    }

    [Fact]
    public void A_miss_pays_no_retry()
    {
        int miss = 0;
        var simulator = One(call =>
        {
            Assert.Equal([1], call.Attempts);
            if (++miss <= 20)
            {
                call.Miss($"x/{miss}");
                call.Exit(75);
            }
            else
            {
                call.MakeFromNeeds();
            }
        });
        Assert.True(simulator.Build().IsSuccessful);
        Assert.Equal(21, miss);
    }

    [Fact]
    public void A_new_build_tries_again_what_failed_for_good_with_fresh_budgets_and_says_so_in_the_log()
    {
        bool broken = true;
        var simulator = One(
            call =>
            {
                call.MakeFromNeeds();
                call.Exit(broken ? 1 : 0);
            },
            retries: 1);
        Assert.Equal(2, simulator.Build().Runs.Count);
        var again = simulator.Build();
        Assert.Equal([1u, 2u], again.Runs.Select(run => run.Partitions[0].Attempt));
        Assert.Equal(["a/1"], simulator.Events.Single(stored => stored.Event.RetryRequest is not null).Event.RetryRequest.Refs);
        broken = false;
        Assert.True(simulator.Build().IsSuccessful);
    }

    [Fact]
    public void A_failure_of_another_version_of_the_job_counts_neither_as_attempt_nor_as_batch_limit()
    {
        bool broken = true;
        var project = new Project().Makes("a/{n:int}", batch: 4, retries: 1).Want("a/{1..4}");
        var simulator = new Simulator(project).Does("a", run =>
        {
            run.MakeFromNeeds();
            run.Exit(broken ? 1 : 0);
        });
        simulator.Open();
        simulator.Begin();
        simulator.End(simulator.UnderWay[0].RunId);
        simulator.Commit();
        simulator.Crash();
        broken = false;
        simulator.Project = project.WithVersion("a", "2");
        var build = simulator.Build();
        Assert.Equal(["a/1 a/2 a/3 a/4"], build.Batches);
        Assert.All(build.Runs[0].Partitions, partition => Assert.Equal(1u, partition.Attempt));
    }

    [Fact]
    public void A_ref_that_failed_for_good_is_tried_again_in_the_same_session_when_an_input_changes()
    {
        var simulator = new Simulator(new Project().Source("in/{n:int}").Makes("a/{n:int}", "in/{n}").Makes("b/{n:int}", "a/{n}").Want("b/1")).Has("in/1", "bad");
        simulator.Does("a", run =>
        {
            run.MakeFromNeeds();
            run.Exit(run.Read("in/1") == "bad" ? 1 : 0);
        });
        var build = simulator.Build();
        Assert.Equal(("a/1", RefState.UpstreamFailed), (build.LeafOf("b/1"), build.StateOf("b/1")));
        simulator.Has("in/1", "good");
        simulator.Watch("in/1");
        simulator.Converge();
        Assert.True(simulator.Look().IsSuccessful);
    }

    [Fact]
    public void A_ref_that_failed_to_be_replaced_is_fresh_again_when_its_input_is_again_what_it_was()
    {
        var simulator = new Simulator(new Project().Source("in/{n:int}").Makes("a/{n:int}", "in/{n}").Want("a/1")).Has("in/1", "good");
        simulator.Does("a", run =>
        {
            run.MakeFromNeeds();
            run.Exit(run.Read("in/1") == "bad" ? 1 : 0);
        });
        simulator.Build();
        simulator.Has("in/1", "bad");
        Assert.Equal(RefState.Failed, simulator.Build().StateOf("a/1"));
        Assert.Equal("a/1[good]v1", simulator.Files["a/1"]);
        simulator.Has("in/1", "good");
        var build = simulator.Build();
        Assert.Empty(build.Ran);
        Assert.True(build.IsSuccessful);
        simulator.Has("in/1", "better");
        Assert.Equal(["a/1"], simulator.Build().Ran);
    }

    [Fact]
    public void A_canceled_run_leaves_its_refs_as_they_were()
    {
        var simulator = One(call => call.MakeFromNeeds());
        simulator.Open();
        simulator.Begin();
        simulator.Cancel(simulator.UnderWay[0].RunId);
        Assert.Empty(simulator.State.Troubles);
        simulator.Converge();
        Assert.Equal([1u, 1u], simulator.Runs.Select(run => run.Partitions[0].Attempt));
        Assert.True(simulator.Look().IsSuccessful);
    }
}
