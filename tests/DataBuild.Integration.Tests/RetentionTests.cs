using DataBuild.V1;

namespace DataBuild.Integration.Tests;

/// <summary>Retention, as a build shows it.</summary>
public sealed class RetentionTests
{
    [Fact]
    public void What_was_only_needed_on_the_way_is_removed_when_its_time_has_passed_and_made_again_when_it_is_needed_again()
    {
        using var project = new TestProject();
        project
            .Script("a", "mkdir \"$out\"; echo x > \"$out/part\"")
            .Script("b", "sleep 2.2; cat \"$in/a/1/part\" > \"$out\"")
            .Partition("a/{n:int}", "a")
            .Partition("b/{n:int}", "b", "a/{n}")
            .Want("b/1");
        project.Graph.Partitions[0].Retention = "1s";

        using (var engine = EngineRun.Start(project.Request()))
        {
            Assert.Equal(BuildOutcome.Built, engine.WaitForResult().Outcome);
            Assert.Contains("  1 partition removed: retention has passed and nothing wants it", engine.Lines);
        }

        Assert.False(Directory.Exists(Path.Combine(project.DataRoot, "a", "1")));
        Assert.Equal("x\n", project.Data("b/1"));
        var kinds = project.Events().Select(stored => stored.Event.EventCase).ToList();
        Assert.Equal([BuildEvent.EventOneofCase.RetentionExpire, BuildEvent.EventOneofCase.RetentionExpireEnd], kinds.TakeLast(2));

        // An input that expired is no difference, and a build that finds nothing to do appends nothing.
        Assert.Equal(BuildOutcome.UpToDate, project.Build().Outcome);
        Assert.Equal(kinds.Count, project.Events().Count);

        project.WriteScript("b", "cat \"$in/a/1/part\" \"$in/a/1/part\" > \"$out\"");
        var again = project.Build();
        Assert.Equal((BuildOutcome.Built, 2L), (again.Outcome, again.Built));
        Assert.Equal("x\nx\n", project.Data("b/1"));
        var reason = project.Events().Last(stored => stored.Event.JobRunQueue?.Job == "a").Event.JobRunQueue.Partitions[0].Reason;
        Assert.Equal((ReasonKind.Expired, (ulong)kinds.Count - 1), (reason.Kind, reason.Offset));
    }

    [Fact]
    public void What_a_want_covers_and_what_somebody_changed_stays()
    {
        using var project = new TestProject();
        project
            .Script("a", "echo x > \"$out\"")
            .Script("b", "sleep 2.2; if [ $ref = b/2 ]; then echo mine > \"$in/a/2\"; fi; cat \"$in/a/${ref#b/}\" > \"$out\"")
            .Partition("a/{n:int}", "a")
            .Partition("b/{n:int}", "b", "a/{n}")
            .Want("b/{1..3}")
            .Want("a/1");
        project.Graph.Partitions[0].Retention = "1s";
        project.Build();
        Assert.Equal(["1", "2"], Directory.GetFiles(Path.Combine(project.DataRoot, "a")).Select(Path.GetFileName).Order());
        Assert.Equal("mine\n", project.Data("a/2"));
    }

    [Fact]
    public void A_job_that_somebody_else_asks_to_end_is_tried_again_and_is_no_exit_code()
    {
        using var project = new TestProject();
        project
            .Script("a", "if [ ! -e tried ]; then touch tried; kill -TERM $$; sleep 60; fi; echo x > \"$out\"", job => job.RetryDelay = "10ms")
            .Partition("a", "a")
            .Want("a");
        var result = project.Build();
        Assert.Equal((BuildOutcome.Built, 2L), (result.Outcome, result.Runs));
        var failure = Assert.Single(project.Events(), stored => stored.Event.JobRunFailure is not null).Event.JobRunFailure;
        Assert.Equal((FailureClass.Canceled, 15, false), (failure.FailureClass, failure.End.Signal, failure.End.HasExitCode));
        Assert.Equal("DBLD4080", failure.End.Outcomes[0].Failed.Code);
        Assert.StartsWith("job a was asked to end by somebody else (signal 15)", failure.End.Outcomes[0].Failed.Message, StringComparison.Ordinal);
    }
}
