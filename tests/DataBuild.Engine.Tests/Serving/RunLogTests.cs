using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Files;
using DataBuild.Engine.Hosting.RunLogs;
using DataBuild.Engine.State;
using DataBuild.V1;
using Google.Protobuf.WellKnownTypes;

namespace DataBuild.Engine.Tests.Serving;

/// <summary>Logs of runs are kept as long as the project says, whatever happens while they are removed.</summary>
public sealed class RunLogTests : IDisposable
{
    private static readonly DateTimeOffset now = new(2001, 6, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly string runs = Directory.CreateTempSubdirectory("databuild runs äö ").FullName;
    private readonly List<Diagnostic> warnings = [];

    [Fact]
    public void Those_that_are_too_old_go_and_what_is_no_runs_stays()
    {
        string old = Make(days: 31, bytes: 10);
        string young = Make(days: 29, bytes: 10);
        Directory.CreateDirectory(Path.Combine(runs, "mine"));
        File.CreateSymbolicLink(Path.Combine(runs, Guid.NewGuid().ToString("D")), Path.Combine(runs, "mine"));

        Assert.Equal(1, Prune(new RunLogLimits(TimeSpan.FromDays(30), null)));

        Assert.False(Directory.Exists(old));
        Assert.True(File.Exists(Path.Combine(young, "stdout.log")));
        Assert.True(Directory.Exists(Path.Combine(runs, "mine")));
        Assert.Equal(4, Directory.GetFileSystemEntries(runs).Length);
        Assert.Equal("30d", RunLogNote.Read(runs)!.Limits);
    }

    [Fact]
    public void The_oldest_go_until_all_are_a_little_smaller_than_they_may_be()
    {
        var made = Enumerable.Range(1, 20).Select(day => Make(days: 21 - day, bytes: 100)).ToList();

        Assert.Equal(0, Prune(new RunLogLimits(null, 2_000)));
        Assert.Equal(11, Prune(new RunLogLimits(null, 1_000)));

        Assert.All(made[..11], folder => Assert.False(Directory.Exists(folder)));
        Assert.All(made[11..], folder => Assert.True(Directory.Exists(folder)));
    }

    [Fact]
    public void A_step_costs_what_it_is_told_and_a_round_that_was_killed_is_finished_by_the_next()
    {
        for (int i = 0; i < 25; i++)
        {
            Make(days: 40, bytes: 1);
        }

        var pruning = new RunLogPruning(runs, new RunLogLimits(TimeSpan.FromDays(30), null), new BuildState(), warnings.Add, new Killed(after: 24));
        pruning.Begin();
        int steps = 0;
        Assert.Throws<InvalidOperationException>(() =>
        {
            while (!pruning.Step(now, most: 10))
            {
                Assert.InRange(25 - Logs().Count, 0, Math.Max(0, steps - 2) * 10);
                steps++;
            }
        });

        // What was begun is no run's any more: nobody is shown half a log.
        Assert.Equal(4, steps);
        Assert.Equal(12, Logs().Count);
        Assert.Single(Directory.GetDirectories(runs, "removing-*"));

        Assert.Equal(13, Prune(new RunLogLimits(TimeSpan.FromDays(30), null)));
        Assert.Empty(Directory.GetDirectories(runs));
        Assert.Empty(warnings);
    }

    [Fact]
    public void One_that_cannot_be_removed_is_warned_of_once_and_keeps_no_other()
    {
        string stays = Make(days: 50, bytes: 1);
        for (int i = 0; i < 5; i++)
        {
            Make(days: 40, bytes: 1);
        }

        var pruning = new RunLogPruning(runs, new RunLogLimits(TimeSpan.FromDays(30), null), new BuildState(), warnings.Add, new Refusing(stays));
        for (int round = 0; round < 2; round++)
        {
            pruning.Begin();
            while (!pruning.Step(now, 100))
            {
            }
        }

        Assert.Equal([Path.GetFileName(stays)], Logs());
        var warning = Assert.Single(warnings);
        Assert.Equal("DBLD7004", warning.Code);
        Assert.Contains(Path.GetFileName(stays), warning.Text, StringComparison.Ordinal);
        Assert.Contains("Permission denied", warning.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_keeps_those_of_the_last_days_and_what_a_ref_is_failed_by()
    {
        using var world = new World(new DateTimeOffset(2001, 3, 1, 9, 30, 0, TimeSpan.Zero));
        world.Graph.Jobs.Add(new JobDefinition { Label = "daily", Command = "true" });
        world.Graph.Jobs.Add(new JobDefinition { Label = "bad", Command = "true", Retries = "2", RetryDelay = "1m" });
        world.Graph.Partitions.Add(new PartitionDefinition { Pattern = "daily/{date}", Job = "daily" });
        world.Graph.Partitions.Add(new PartitionDefinition { Pattern = "bad/{n:int}", Job = "bad" });
        world.Graph.Wants.Add(new WantDefinition { Partitions = "daily/{today-1d}" });
        world.Graph.Wants.Add(new WantDefinition { Partitions = "bad/1" });
        world.Job = (job, _, _) => job == "bad" ? "no good" : null;
        world.Ask = request => request.RunLogAge = Duration.FromTimeSpan(TimeSpan.FromDays(10));

        await world.ServeUntilAsync(new DateTimeOffset(2001, 4, 30, 12, 0, 0, TimeSpan.Zero));

        string failed = world.Events().Last(stored => stored.Event.JobRunFailure is not null).Event.JobRunFailure.End.RunId;
        string folder = Path.Combine(world.Folder, ".databuild", "runs");
        var left = Directory.GetDirectories(folder).Select(Path.GetFileName).ToList();
        Assert.Contains(failed, left);
        Assert.InRange(left.Count, 10, 13);
        Assert.True(File.Exists(Path.Combine(folder, failed, "stdout.log")));
        Assert.Contains(world.Lines, line => line.EndsWith("world: the log of 1 run removed: they are kept for 10d", StringComparison.Ordinal));
    }

    public void Dispose() => Directory.Delete(runs, recursive: true);

    private string Make(int days, int bytes)
    {
        string folder = Directory.CreateDirectory(Path.Combine(runs, Guid.NewGuid().ToString("D"))).FullName;
        string file = Path.Combine(folder, "stdout.log");
        File.WriteAllText(file, new string('x', bytes));
        File.SetLastWriteTimeUtc(file, now.UtcDateTime.AddDays(-days));
        Directory.SetLastWriteTimeUtc(folder, now.UtcDateTime.AddDays(-days));
        return folder;
    }

    private List<string> Logs() => [.. Directory.GetDirectories(runs).Select(folder => Path.GetFileName(folder)).Where(name => Guid.TryParse(name, out _))];

    private int Prune(RunLogLimits limits) => BuildRunLogs.Prune(runs, limits, new BuildState(), now, warnings.Add);

    /// <summary>The process ends in the midst of a removal.</summary>
    private sealed class Killed(int after) : Disk
    {
        private int left = after;

        public override Errno RemoveFolder(string path) => left-- == 0 ? throw new InvalidOperationException("killed") : base.RemoveFolder(path);
    }

    private sealed class Refusing(string folder) : Disk
    {
        public override Errno Rename(string from, string to) => from == folder ? Errno.Access : base.Rename(from, to);
    }
}
