namespace DataBuild.Cli.Tests.Asking;

public sealed class NothingThereTests
{
    public static TheoryData<string> Questions => ["status", "wants", "partitions", "runs", "run 1", "jobs", "why raw/1", "graph", "log", "log --follow", "log backup b.db"];

    [Theory]
    [MemberData(nameof(Questions))]
    public void Without_a_log_every_question_says_so(string question)
    {
        using var project = new Project();
        project.Ask(question.Split(' ')).Failed(2, "DBLD6001", "log.db");
        Assert.False(Directory.Exists(Path.Combine(project.Folder, ".databuild")));
    }

    [Theory]
    [MemberData(nameof(Questions))]
    public void A_question_takes_no_lease_and_appends_nothing(string question)
    {
        using var project = Project.Small();
        project.Build();
        byte[] lease = File.ReadAllBytes(project.Log + ".lease");
        if (question is "log --follow" or "run 1")
        {
            // The one goes on, and the other asks for a run that is not there.
            return;
        }

        string before = project.Ask("log").Out;
        project.Ask(question.Split(' ')).Succeeded();
        Assert.Equal(lease, File.ReadAllBytes(project.Log + ".lease"));
        Assert.Equal(before, project.Ask("log").Out);
    }
}
