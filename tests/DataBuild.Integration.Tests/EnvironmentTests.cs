using DataBuild.V1;

namespace DataBuild.Integration.Tests;

/// <summary>Environments of one project that were given one place share neither log nor data: the second is refused.</summary>
public sealed class EnvironmentTests
{
    [Fact]
    public void A_log_is_of_one_environment_and_says_of_which()
    {
        using var project = Small();
        Assert.Equal(BuildOutcome.Built, project.Build(request => request.Environment = "prod").Outcome);

        foreach (string other in (string[])["", "staging"])
        {
            Refused(project, other, EngineMode.Build, "environment 'prod'");
            Refused(project, other, EngineMode.Plan, "environment 'prod'");
        }

        Assert.Equal(BuildOutcome.UpToDate, project.Build(request => request.Environment = "prod").Outcome);
    }

    [Fact]
    public void A_log_without_a_mark_is_of_the_environment_without_a_name()
    {
        using var project = Small();
        Assert.Equal(BuildOutcome.Built, project.Build().Outcome);

        Refused(project, "prod", EngineMode.Build, "the environment without a name");

        Assert.Equal(BuildOutcome.UpToDate, project.Build().Outcome);
    }

    [Fact]
    public void A_data_root_is_of_one_environment()
    {
        using var project = Small();
        project.Build();
        var result = project.Build(request =>
        {
            request.Environment = "prod";
            request.StateDirectory = Path.Combine(project.Folder, ".databuild.prod");
        });
        Assert.Equal("DBLD6101", Assert.Single(result.Diagnostics).Code);
    }

    private static TestProject Small() => new TestProject().Script("one", "echo one > $out").Partition("one", "one").Want("one");

    private static void Refused(TestProject project, string environment, EngineMode mode, string owner)
    {
        var result = project.Build(request => (request.Environment, request.Mode) = (environment, mode));
        Assert.Equal((BuildOutcome.Failed, 0L), (result.Outcome, result.Runs));
        var error = Assert.Single(result.Diagnostics);
        Assert.Equal("DBLD1022", error.Code);
        Assert.Contains(owner, error.Text, StringComparison.Ordinal);
    }
}
