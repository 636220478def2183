using DataBuild.Engine.Execution.Slurm;
using DataBuild.V1;
using Google.Protobuf.WellKnownTypes;

namespace DataBuild.Slurm.Tests;

/// <summary>
/// Items, each made by a run of its own on the cluster. Every run appends its id and ref to a file before it does anything else: what that
/// file says happened, whatever engine, log and cluster believe.
/// </summary>
internal sealed class ItemsProject : IDisposable
{
    private readonly TestProject _project = new("items äö");

    public ItemsProject(int count, string work)
    {
        Count = count;
        _project
            .Script("make", $"{work}\nmkdir -p \"$(dirname \"$out\")\"; echo \"made $ref\" > \"$out\"", job =>
            {
                job.Executor = "slurm";
                job.BatchSize = "1";
            })
            .Partition("item/{n:int}", "make")
            .Want($"item/{{1..{count}}}");
    }

    public int Count { get; }

    public string Folder => _project.Folder;

    /// <summary>A file that scripts may wait for.</summary>
    public string Go => Path.Combine(Folder, "go");

    public string Exchange => Path.Combine(_project.DataRoot, ".databuild", "cluster");

    /// <summary>Run and ref of each execution, in order.</summary>
    public List<(string Run, string Ref)> Executions => File.Exists(_project.Witness)
        ? [.. File.ReadAllLines(_project.Witness).Select(line => line.Split(' ')).Where(words => words.Length == 3).Select(words => (words[0], words[1]))]
        : [];

    public int BatchCount => Directory.Exists(Path.Combine(Exchange, "batches")) ? Directory.GetFiles(Path.Combine(Exchange, "batches")).Count(file => !file.EndsWith(".part", StringComparison.Ordinal)) : 0;

    /// <summary>The name of its jobs in Slurm, once the log is there.</summary>
    public string JobName => SlurmExecutor.JobName(LogId);

    public EngineRun Start(int arraySize = 4, Action<EngineMessage>? heard = null)
    {
        var request = _project.Request();
        request.Cluster = new ClusterSettings
        {
            SlurmArraySize = arraySize,
            SlurmInterval = Duration.FromTimeSpan(TimeSpan.FromMilliseconds(300)),
            UnknownTimeout = Duration.FromTimeSpan(TimeSpan.FromSeconds(15)),
        };
        return EngineRun.Start(request, heard);
    }

    /// <summary>Every item is there and right, each was published once, and no run was executed twice.</summary>
    public void Check()
    {
        for (var number = 1; number <= Count; number++)
        {
            Assert.Equal($"made item/{number}\n", _project.Data($"item/{number}"));
        }

        Assert.All(Executions.GroupBy(execution => execution.Run), run => Assert.Single(run));
        var published = _project.Events().Where(stored => stored.Event.JobRunSuccess is not null).SelectMany(stored => Refs(stored.Event.JobRunSuccess.End)).ToList();
        Assert.Equal(Count, published.Count);
        Assert.Equal(Count, published.Distinct().Count());
    }

    /// <summary>No ref was worked on by two runs.</summary>
    public void CheckNoneTwice() => Assert.Equal(Enumerable.Range(1, Count).Select(number => $"item/{number}").Order(), Executions.Select(execution => execution.Ref).Order());

    public IEnumerable<Engine.Ports.StoredEvent> Events() => _project.Events();

    private string LogId
    {
        get
        {
            using var log = Engine.Log.SqliteBuildEventLog.OpenReader(_project.Log);
            return log.LogId;
        }
    }

    public static async Task When(Func<bool> holds, string what)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        while (!holds())
        {
            try
            {
                await Task.Delay(20, patience.Token);
            }
            catch (TaskCanceledException)
            {
                Assert.Fail($"waited for 90 s: {what}");
            }
        }
    }

    public void Dispose() => _project.Dispose();

    private static IEnumerable<string> Refs(RunEnd end) => end.Outcomes.Where(outcome => outcome.Done is not null).Select(outcome => outcome.Ref);
}
