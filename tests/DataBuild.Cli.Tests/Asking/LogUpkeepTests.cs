using DataBuild.Engine.Hosting.Queries;
using DataBuild.Engine.Log;
using DataBuild.V1;
using Google.Protobuf;

namespace DataBuild.Cli.Tests.Asking;

public sealed class LogUpkeepTests
{
    private static readonly string[] later = ["raw/7", "raw/8"];

    [Fact]
    public void A_backup_is_the_log_in_one_file()
    {
        using var project = Project.Small();
        project.Build();
        var copy = project.Ask("log", "backup", "b.db", "--json").Succeeded().As<LogCopy>();
        Assert.Equal((".databuild/log.db", "b.db"), (copy.From, copy.To));
        Assert.Equal(project.Ask("log").Out, project.Ask("log", "--log", "b.db").Succeeded().Out);
        Assert.Equal((ulong)project.Ask("log").Out.Count(c => c == '\n'), copy.Events);
        Assert.Equal(["b.db"], Directory.GetFiles(project.Folder, "b.db*").Select(Path.GetFileName));
    }

    [Fact]
    public void A_backup_replaces_no_file_unasked_and_never_the_log()
    {
        using var project = Project.Small();
        project.Build();
        string file = Path.Combine(project.Folder, "b.db");
        File.WriteAllText(file, "mine");
        project.Ask("log", "backup", "b.db").Failed(2, "DBLD6130", file, "--force");
        Assert.Equal("mine", File.ReadAllText(file));
        project.Ask("log", "backup", "b.db", "--force").Succeeded();
        Assert.NotEqual("mine", File.ReadAllText(file));
        foreach (string part in new[] { "", "-wal", ".snapshot" })
        {
            project.Ask("log", "backup", project.Log + part, "--force").Failed(2, "DBLD6131", project.Log);
        }

        File.CreateSymbolicLink(Path.Combine(project.Folder, "link"), project.Log);
        project.Ask("log", "backup", "link", "--force").Failed(2, "DBLD6131", project.Log);
        project.Ask("log", "backup", "nowhere/b.db").Failed(1, "DBLD6132", "nowhere/b.db");
        project.Ask("log", "verify").Succeeded();
    }

    [Fact]
    public void A_restored_log_goes_on_where_the_backup_was_and_the_one_before_is_kept()
    {
        using var project = Project.Small();
        project.Build();
        project.Ask("log", "backup", "b.db").Succeeded();
        string atBackup = project.Ask("log").Out;
        project.Build("raw/{7..8}");
        string before = project.Ask("log").Out;

        var copy = project.Ask("log", "restore", "b.db", "--json").Succeeded().As<LogCopy>();

        Assert.Equal(".databuild/log.db.before-restore-1", copy.MovedTo);
        Assert.Equal(before, project.Ask("log", "--log", copy.MovedTo).Succeeded().Out);
        Assert.Equal(atBackup, project.Ask("log").Succeeded().Out);
        Assert.False(File.Exists(project.Log + ".snapshot"));
        Assert.Equal(BuildOutcome.UpToDate, project.Build().Outcome);
        Assert.Equal(".databuild/log.db.before-restore-2", project.Ask("log", "restore", "b.db", "--json").Succeeded().As<LogCopy>().MovedTo);
    }

    [Fact]
    public void What_was_built_after_the_backup_is_told_and_neither_trusted_nor_removed()
    {
        using var project = Project.Small();
        project.StubDotnet();
        project.Build();
        project.Ask("log", "backup", "b.db").Succeeded();
        File.WriteAllText(Path.Combine(project.Folder, "write.sh"), Project.Writes.Replace("made", "made anew", StringComparison.Ordinal));
        project.Build();
        project.Build("raw/{7..8}");

        var copy = project.Ask("log", "restore", "b.db", "--json").Succeeded().As<LogCopy>();

        // Unknown files are named; until somebody adopts them or wants them they lie there.
        Assert.Equal((true, 2L), (copy.LookedAtData, copy.Unknown));
        Assert.Equal(later, copy.UnknownRefs);
        Assert.All(later, @ref => Assert.True(File.Exists(Path.Combine(project.Folder, "data", @ref))));
        Assert.Empty(project.Ask("partitions", "raw/{7..8}", "--json", "--state", "Live").Succeeded().As<PartitionsReport>().Partitions);

        // What the log knows and finds with another content is somebody else's change: kept and said, not taken for what was recorded.
        File.WriteAllText(Path.Combine(project.Folder, "write.sh"), Project.Writes);
        var built = project.Build();
        Assert.Contains(built.Diagnostics, diagnostic => diagnostic.Text.Contains("changed", StringComparison.Ordinal));
        Assert.Equal("made anew report/1\n", File.ReadAllText(Path.Combine(project.Folder, "data", "report", "1")));
        Assert.NotNull(project.Ask("why", "report/1", "--json").Succeeded().As<WhyReport>().Changed);

        // Wanted, an unknown one is neither trusted nor replaced: somebody has to say what is to become of it.
        var refused = project.Build("raw/{7..8}");
        Assert.Equal((0L, 2), (refused.Built, refused.Diagnostics.Count(diagnostic => diagnostic.Code == "DBLD5053" && diagnostic.Text.Contains("databuild adopt", StringComparison.Ordinal))));
        Assert.All(later, @ref => File.Delete(Path.Combine(project.Folder, "data", @ref)));
        Assert.Equal(2, project.Build("raw/{7..8}").Built);
    }

    [Fact]
    public void The_term_after_a_restore_is_later_than_any_that_used_the_data_root()
    {
        using var project = Project.Small();
        project.Build();
        project.Ask("log", "backup", "b.db").Succeeded();
        for (int i = 0; i < 3; i++)
        {
            project.Build($"raw/{20 + i}");
        }

        // As an engine leaves it that is killed while it publishes.
        Directory.CreateDirectory(Path.Combine(project.Folder, "data", ".databuild", "publish-4"));
        project.Ask("log", "restore", "b.db").Succeeded();
        Assert.Equal(BuildOutcome.Built, project.Build("raw/30").Outcome);
        File.Delete(project.Log);
        Directory.CreateDirectory(Path.Combine(project.Folder, "data", ".databuild", "publish-400"));
        project.Ask("log", "restore", "b.db").Succeeded();
        Assert.Equal(BuildOutcome.Built, project.Build("raw/31").Outcome);
    }

    [Fact]
    public void A_log_is_not_restored_while_an_engine_writes_it_nor_from_what_is_no_good_backup()
    {
        using var project = Project.Small();
        project.Build();
        project.Ask("log", "backup", "b.db").Succeeded();
        string log = project.Ask("log").Out;
        using (Lease.TryAcquire(project.Log))
        {
            project.Ask("log", "restore", "b.db").Failed(1, "DBLD6011", project.Log);
        }

        project.Ask("log", "restore", "none.db").Failed(2, "DBLD6001", "none.db");
        File.WriteAllText(Path.Combine(project.Folder, "text"), "no log");
        project.Ask("log", "restore", "text").Failed(2, "DBLD6002", "text");
        project.Ask("log", "restore", project.Log).Failed(2, "DBLD6131", project.Log);
        byte[] bytes = File.ReadAllBytes(Path.Combine(project.Folder, "b.db"));
        bytes.AsSpan(bytes.Length - 3_000, 2_000).Clear();
        File.WriteAllBytes(Path.Combine(project.Folder, "b.db"), bytes);
        project.Ask("log", "restore", "b.db").Failed(1, "DBLD6133", project.Log);
        Assert.Equal(log, project.Ask("log").Succeeded().Out);
        Assert.Empty(Directory.GetFiles(Path.Combine(project.Folder, ".databuild"), "*restor*"));
    }

    [Fact]
    public void A_good_log_is_said_to_be_good_with_what_was_checked()
    {
        using var project = Project.Small();
        project.Build();
        SaveSnapshot(project, state => state);
        var check = project.Ask("log", "verify", "--json").Succeeded().As<LogCheck>();
        Assert.Empty(check.Findings);
        Assert.Equal((check.Log.Events, check.Log.Events, check.Log.Events), (check.Good, check.Replayed, check.Snapshot));
        Assert.Contains("is what the replay gives", project.Ask("log", "verify").Succeeded().Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_snapshot_that_differs_and_an_event_that_may_not_come_are_found()
    {
        using var project = Project.Small();
        project.Build();
        SaveSnapshot(project, state =>
        {
            state.Apply(state.Offset + 1, new BuildEvent { RetryRequest = new RetryRequestEventV1 { Source = "nobody" } });
            return state;
        });
        project.Ask("log", "verify").Failed(1, "DBLD6134", "delete it");
        File.Delete(project.Log + ".snapshot");

        using (var log = SqliteBuildEventLog.OpenWriter(new LogOptions { Path = project.Log }))
        {
            log.Append([new BuildEvent { JobRunCancel = new JobRunCancelEventV1 { RunId = "019a0000-0000-7000-8000-000000000001" } }]);
        }

        project.Ask("log", "verify").Failed(1, "DBLD6135", "not under way");
        project.Ask("log", "backup", "b.db").Succeeded();
        project.Ask("log", "restore", "b.db").Failed(1, "DBLD6133", "not under way");
    }

    [Fact]
    public void A_damaged_log_is_told_with_all_that_is_wrong()
    {
        using var project = Project.Small();
        project.Build();
        byte[] bytes = File.ReadAllBytes(project.Log);
        bytes.AsSpan(bytes.Length - 3_000, 2_000).Clear();
        File.WriteAllBytes(project.Log, bytes);
        var answer = project.Ask("log", "verify");
        Assert.Equal((1, ""), (answer.ExitCode, answer.Out));
        Assert.All(answer.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.StartsWith("databuild: error DBLD600", line, StringComparison.Ordinal));
        Assert.NotEmpty(new JsonParser(JsonParser.Settings.Default).Parse<LogCheck>(project.Ask("log", "verify", "--json").Out).Findings);
        project.Ask("log", "verify", "--log", "none.db").Failed(2, "DBLD6001", "none.db");
    }

    /// <summary>A snapshot of a state that is said to be that of the log's end.</summary>
    private static void SaveSnapshot(Project project, Func<Engine.State.BuildState, Engine.State.BuildState> change)
    {
        using var view = LogView.Open(new LogPlace(project.Log, Path.GetDirectoryName(project.Log)!, project.Folder));
        using var log = SqliteBuildEventLog.OpenReader(project.Log);
        var state = change(view.Load());
        new FileSnapshotStore(log).Write(Engine.State.StateSnapshot.Layout, log.LastOffset, stream => Engine.State.StateSnapshot.Write(state, stream));
    }
}
