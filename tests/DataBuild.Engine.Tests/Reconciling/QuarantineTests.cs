using DataBuild.Engine.Tests.Simulation;
using DataBuild.V1;

namespace DataBuild.Engine.Tests.Reconciling;

/// <summary>A job that only fails is not run for ever.</summary>
public sealed class QuarantineTests
{
    private static Simulator Failing(string after, int refs = 9) => new Simulator(Project(after, refs)) { Slots = 1 }.Does("a", run => run.Exit(1));

    private static Project Project(string after, int refs) =>
        new Project().Makes("a/{n:int}").Makes("b/{n:int}").Want($"a/{{1..{refs}}}").Want("b/1").With(document => document.Jobs[0].QuarantineAfter = after);

    private static int Quarantines(Simulator simulator) => simulator.Events.Count(stored => stored.Event.JobQuarantine is not null);

    [Fact]
    public void So_many_failed_runs_in_a_row_quarantine_a_job_and_the_rest_fails_without_being_tried_while_others_go_on()
    {
        var simulator = Failing("3");
        var build = simulator.Build();
        Assert.Equal(["a/1", "a/2", "a/3", "b/1"], build.Ran.Order());
        Assert.Equal((RefState.Failed, ReasonKind.Quarantined), (build.StateOf("a/9"), build.Of("a/9").Reason.Kind));
        Assert.Equal((RefState.Failed, ReasonKind.Failed), (build.StateOf("a/1"), build.Of("a/1").Reason.Kind));
        var quarantine = simulator.Events.Select(stored => stored.Event.JobQuarantine).OfType<JobQuarantineEventV1>().Single();
        Assert.Equal(("a", 3u, build.Runs.Last(run => run.Job == "a").RunId), (quarantine.Job, quarantine.Failures, quarantine.RunId));
    }

    [Fact]
    public void A_build_alone_does_not_lift_it()
    {
        var simulator = Failing("3");
        simulator.Build();
        Assert.Empty(simulator.Build().Ran);
        Assert.Equal(1, Quarantines(simulator));
    }

    [Fact]
    public void Another_version_of_the_job_starts_with_a_clean_slate()
    {
        var simulator = Failing("3");
        simulator.Build();
        simulator.Project = simulator.Project.WithVersion("a", "2");
        simulator.Does("a", run => run.MakeFromNeeds());
        Assert.Equal(9, simulator.Build().Ran.Count);
    }

    [Fact]
    public void A_retry_that_names_the_job_lifts_it_within_the_session()
    {
        var simulator = Failing("3");
        simulator.Build();
        simulator.Does("a", run => run.MakeFromNeeds());
        simulator.Open();
        simulator.Happens(new BuildEvent { RetryRequest = new RetryRequestEventV1 { Jobs = { "a" }, Source = "command line" } });
        simulator.Converge();
        Assert.Equal(9, simulator.Look().Ran.Count);
        Assert.True(simulator.Look().IsSuccessful);
    }

    [Fact]
    public void Only_runs_in_a_row_count()
    {
        int runs = 0;
        var simulator = Failing("3").Does("a", run =>
        {
            if (++runs % 3 == 0)
            {
                run.MakeFromNeeds();
            }
            else
            {
                run.Exit(1);
            }
        });
        Assert.Equal(9, simulator.Build().Ran.Count(@ref => @ref[0] == 'a'));
        Assert.Equal(0, Quarantines(simulator));
    }

    [Fact]
    public void What_is_not_the_jobs_own_fault_does_not_count()
    {
        var simulator = Failing("1", refs: 3).Does("a", run => run.TimeOut());
        Assert.Equal(3, simulator.Build().Ran.Count(@ref => @ref[0] == 'a'));
        Assert.Equal(0, Quarantines(simulator));
    }

    [Fact]
    public void Zero_is_any_number()
    {
        var simulator = Failing("0", refs: 70);
        Assert.Equal(70, simulator.Build().Ran.Count(@ref => @ref[0] == 'a'));
    }
}
