using DataBuild.V1;

namespace DataBuild.Cli.Tests.Planning;

/// <summary>`plan --log FILE`: what a change would rebuild of what production's log knows.</summary>
public sealed class LogPlanTests
{
    [Fact]
    public void Without_a_change_nothing_would_run_and_nothing_is_written_anywhere()
    {
        using var production = new Production();
        byte[] before = File.ReadAllBytes(production.Backup);
        var files = Directory.GetFileSystemEntries(Path.GetDirectoryName(production.Backup)!, "*", SearchOption.AllDirectories).Order().ToList();

        var plan = production.Planned(production.Backup);

        Assert.Equal((0L, 0L, 0L, 7L), (plan.Plan.WillRun, plan.Plan.MayRun, plan.Plan.Blocked, plan.Plan.UpToDate));
        Assert.Empty(plan.Changes);
        Assert.Empty(plan.Causes);
        Assert.Equal(("p", 36), (plan.Graph, plan.LogId.Length));
        Assert.True(plan.Offset > 0 && plan.LastEvent is not null);
        Assert.Equal(before, File.ReadAllBytes(production.Backup));
        Assert.Equal(files, Directory.GetFileSystemEntries(Path.GetDirectoryName(production.Backup)!, "*", SearchOption.AllDirectories).Order());
        Assert.False(Directory.Exists(Path.Combine(production.Change.Folder, ".databuild")) || Directory.Exists(Path.Combine(production.Change.Folder, "data")));
        string text = production.Plan(production.Backup, "--exit-code").Succeeded().Out;
        Assert.Contains("nothing to do, 7 up to date", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_changed_job_says_what_it_would_rebuild_why_and_how_long_that_takes()
    {
        using var production = new Production();
        File.AppendAllText(Path.Combine(production.Change.Folder, "write.sh"), "# another one\n");
        production.Change.Graph.Jobs.RemoveAt(1);
        production.Change.Job("report", fail: "no such ref").Partition("month/{n:int}", "report").Want("month/1");
        production.Change.Graph.Partitions[0].Job = "raw";

        string markdown = Path.Combine(production.Change.Folder, "plan.md");
        var plan = production.Planned(production.Backup, "--markdown", markdown);

        Assert.Equal((8L, 0L), (plan.Plan.WillRun + plan.Plan.MayRun, plan.Plan.UpToDate));
        Assert.Equal(
            ["Job raw Changed file:write.sh", "Job report Changed environment, file:write.sh", "Partition month/{n:int} New ", "Want month/1 New "],
            plan.Changes.Select(change => $"{change.Kind} {change.Name} {change.Change} {change.Detail}"));
        Assert.Contains(plan.Causes, cause => (cause.Job, cause.Partitions, cause.First, cause.Text) == ("raw", 4, "raw/1", "its job changed (file:write.sh)"));
        Assert.Contains(plan.Causes, cause => (cause.Job, cause.First, cause.Text) == ("report", "month/1", "it was never built"));
        var raw = plan.Jobs.Single(job => job.Job == "raw");
        Assert.Equal((4L, 0L, 1L, 1L), (raw.WillRun, raw.MayRun, raw.Runs, raw.GoodRuns));
        Assert.True(raw.MeanRun.ToTimeSpan() > TimeSpan.Zero);
        Assert.True(plan.Time.Work.ToTimeSpan() >= plan.Time.Wall.ToTimeSpan() && plan.Time.Wall.ToTimeSpan() > raw.MeanRun.ToTimeSpan());
        Assert.Equal((4, 0), (plan.Time.Parallelism, plan.Time.UnknownJobs.Count));

        var answer = production.Plan(production.Backup, "--exit-code");
        Assert.Equal(4, answer.ExitCode);
        foreach (string line in (string[])["p by the log ", "  job raw changed (file:write.sh)", "  family month/{n:int} is new", "its job changed (file:write.sh): raw/1 and 3 more", "8 will run", "by the mean time of each job's earlier runs, 4 runs at one time"])
        {
            Assert.Contains(line, answer.Out, StringComparison.Ordinal);
        }

        string page = File.ReadAllText(markdown);
        Assert.Contains("### p: what this change would rebuild", page, StringComparison.Ordinal);
        Assert.Contains("| `raw` | 4 | 0 | 1 |", page, StringComparison.Ordinal);
        Assert.Contains("- `raw`: 4, its job changed (file:write.sh) (`raw/1` and 3 more)", page, StringComparison.Ordinal);
        Assert.Contains("- family month/{n:int} is new", page, StringComparison.Ordinal);
        production.Plan(production.Backup, "--markdown", "/nowhere/plan.md").Failed(2, "DBLD2168", "/nowhere/plan.md");
    }

    [Fact]
    public void A_job_that_never_ran_takes_nobody_knows_how_long()
    {
        using var production = new Production();
        production.Change.Job("new").Partition("new/{n:int}", "new").Want("new/{1..5}");
        var plan = production.Planned(production.Backup);
        Assert.Equal(["new"], plan.Time.UnknownJobs);
        Assert.Null(plan.Jobs.Single().MeanRun);
        Assert.Contains("how long is not known: the log knows of no good run of new", production.Plan(production.Backup).Succeeded().Out, StringComparison.Ordinal);

        // A want of the call instead of the project's.
        Assert.Equal(2, production.Planned(production.Backup, "--want", "new/{8..9}").Plan.WillRun);
        Assert.Equal(1, production.Plan(production.Backup, "--job", "nwe").ExitCode);
    }

    [Fact]
    public void Sources_that_are_not_here_are_taken_as_unchanged_and_those_that_are_are_looked_at()
    {
        using var production = new Production(() =>
        {
            var project = new Project().Job("day").Source("csv/{n:int}", "csv/{n}.csv").Partition("day/{n:int}", "day", "csv/{n}").Want("day/{1..3}");
            Directory.CreateDirectory(Path.Combine(project.Folder, "csv"));
            for (int n = 1; n <= 4; n++)
            {
                File.WriteAllText(Path.Combine(project.Folder, "csv", $"{n}.csv"), $"{n}\n");
            }

            return project;
        });
        string csv = Path.Combine(production.Change.Folder, "csv");
        Assert.Equal(3, production.Planned(production.Backup).SourcesSeen);
        Assert.Equal(0, production.Planned(production.Backup).Plan.WillRun);

        File.WriteAllText(Path.Combine(csv, "1.csv"), "changed\n");
        File.Delete(Path.Combine(csv, "2.csv"));
        File.Delete(Path.Combine(csv, "4.csv"));
        production.Change.Want("day/4");
        var plan = production.Planned(production.Backup);

        Assert.Equal((2L, 1L, 1L), (plan.SourcesSeen, plan.SourcesTaken, plan.SourcesUnknown));
        Assert.Equal((2L, 2L, 0L), (plan.Plan.WillRun, plan.Plan.UpToDate, plan.Plan.Blocked));
        Assert.Equal(["csv/1 changed", "it was never built"], plan.Causes.Select(cause => cause.Text).Order(StringComparer.Ordinal));
        Assert.Contains("2 sources are not here and taken as unchanged (1 that the log never saw taken as there); 2 looked at", production.Plan(production.Backup).Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_log_that_is_no_backup_is_read_from_a_copy_and_its_folder_stays_as_it_is()
    {
        using var production = new Production();
        string folder = Path.GetDirectoryName(production.Log)!;
        foreach (string part in Directory.GetFiles(folder, "log.db-*"))
        {
            // What SQLite leaves beside a log that is closed would hide what is made.
            File.Delete(part);
        }

        var before = Directory.GetFiles(folder).Order().Select(file => (file, new FileInfo(file).Length, File.GetLastWriteTimeUtc(file))).ToList();
        Assert.Equal(0, production.Planned(production.Log).Plan.WillRun);
        Assert.Equal(before, Directory.GetFiles(folder).Order().Select(file => (file, new FileInfo(file).Length, File.GetLastWriteTimeUtc(file))));

        string nowhere = Path.Combine(production.Change.Folder, "nowhere");
        var answer = Tool.Run(
            production.Change.Folder, Tool.Program,
            environment => (environment["DOTNET_HOST_PATH"], environment["TMPDIR"]) = (production.Change.StubDotnet(), nowhere), "", "plan", "--log", production.Log);
        answer.Failed(2, "DBLD2167", production.Log, nowhere);
    }

    [Fact]
    public void An_engine_that_holds_the_log_is_no_hindrance()
    {
        using var production = new Production();
        using var engine = DataBuild.Engine.Log.SqliteBuildEventLog.OpenWriter(new DataBuild.Engine.Log.LogOptions { Path = production.Log });
        Assert.Equal(7, production.Planned(production.Log).Plan.UpToDate);
    }

    [Fact]
    public void The_log_of_another_project_is_a_warning_and_what_is_no_log_is_an_error()
    {
        using var production = new Production();
        production.Change.Graph.Name = "q";
        var answer = production.Plan(production.Backup).Succeeded();
        Assert.Contains("p.dbproj: warning DBLD2166: ", answer.Error, StringComparison.Ordinal);
        Assert.Contains("is the log of 'p', and this project is 'q'", answer.Error, StringComparison.Ordinal);

        production.Plan("write.sh").Failed(2, "DBLD6002", "write.sh");
        production.Plan("nowhere.db").Failed(2, "DBLD6001", "nowhere.db");
        string cut = Path.Combine(production.Change.Folder, "cut.db");
        File.WriteAllBytes(cut, File.ReadAllBytes(production.Backup)[..5000]);
        production.Plan("cut.db").Failed(1, "DBLD6004", cut);
    }

    [Fact]
    public void More_rebuilds_than_are_allowed_are_said_beforehand()
    {
        using var production = new Production();
        File.AppendAllText(Path.Combine(production.Change.Folder, "write.sh"), "# another one\n");
        production.Change.MaxRebuilds = 3;
        Assert.Equal(7, production.Planned(production.Backup).TooManyRebuilds);
        Assert.Contains("the build will want -p:DataBuildMaxRebuilds=7", production.Plan(production.Backup).Out, StringComparison.Ordinal);
    }
}
