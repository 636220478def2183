using DataBuild.V1;

namespace DataBuild.Integration.Tests;

/// <summary>Deadlines and quarantine, as a build shows them.</summary>
public sealed class LimitsTests
{
    [Fact]
    public void A_deadline_that_passes_while_its_run_is_under_way_is_a_warning_and_an_event_then()
    {
        using var project = new TestProject();
        project.Script("a", "sleep 1; echo x > \"$out\"").Partition("a", "a").Want("a");
        project.Graph.Wants[0].Sla = "300ms";

        var result = project.Build();

        Assert.Equal(BuildOutcome.Built, result.Outcome);
        var warning = Assert.Single(result.Diagnostics, diagnostic => diagnostic.Code == "DBLD4070");
        Assert.Equal(Severity.Warning, warning.Severity);
        Assert.StartsWith("a missed the deadline of the want for a, 0.3s after", warning.Text, StringComparison.Ordinal);
        var kinds = project.Events().Select(stored => stored.Event.EventCase).ToList();
        Assert.InRange(kinds.IndexOf(BuildEvent.EventOneofCase.WantTime), 0, kinds.IndexOf(BuildEvent.EventOneofCase.JobRunSuccess) - 1);

        Assert.DoesNotContain(project.Build().Diagnostics, diagnostic => diagnostic.Code == "DBLD4070");
    }

    [Fact]
    public void A_job_that_only_fails_is_quarantined_said_once_and_tried_again_once_it_changed()
    {
        using var project = new TestProject();
        project.Script("a", "echo no luck >&2; exit 3", job => job.QuarantineAfter = "3").Partition("a/{n:int}", "a").Want("a/{1..40}");

        var first = project.Build(request => request.Parallelism = 1);
        Assert.InRange(first.Runs, 3, 39);
        Assert.Single(first.Diagnostics, diagnostic => diagnostic is { Code: "DBLD4071" } && diagnostic.Text.Contains("in a row", StringComparison.Ordinal) && diagnostic.Text.StartsWith("job a is quarantined: 3", StringComparison.Ordinal));

        var second = project.Build();
        Assert.Equal((BuildOutcome.Failed, 0L), (second.Outcome, second.Runs));
        Assert.Contains(second.Diagnostics, diagnostic => diagnostic.Code == "DBLD4071");

        project.WriteScript("a", "echo x > \"$out\"");
        Assert.Equal(40, project.Build().Built);
    }
}
