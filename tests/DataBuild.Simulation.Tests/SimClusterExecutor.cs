using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Ports;
using DataBuild.V1;

namespace DataBuild.Simulation.Tests;

/// <summary>The cluster as one engine has it: told of runs in any order, late, twice, or not at all for a while.</summary>
internal sealed class SimClusterExecutor(World world, SimEngine engine, IRunSink sink) : IOutlivingExecutor
{
    private readonly Dictionary<string, SimClusterRun> mine = new(StringComparer.Ordinal);
    private readonly HashSet<string> reported = new(StringComparer.Ordinal);

    /// <summary>There is something to be told sooner or later.</summary>
    public bool IsBusy => mine.Values.Any(MayTell);

    public bool Knows(string runId) => mine.ContainsKey(runId);

    public void Start(RunRequest request) => engine.Do(Effect.Start, () => Take(request));

    public void Adopt(RunRequest request) => engine.Do(Effect.Adopt, () =>
    {
        if (world.Bug != Bug.ForgetsToAdopt)
        {
            Take(request);
        }
    });

    /// <summary>What the cluster does not answer for, it does not end either.</summary>
    public void Cancel(string runId)
    {
        if (!mine.TryGetValue(runId, out var run) || run.Return is not null || run.IsNodeLost)
        {
            return;
        }

        if (run.IsUnknown || run.IsForgotten)
        {
            run.IsLate |= !run.IsForgotten;
            return;
        }

        run.Return = new RunReturn { RunId = runId, Ending = RunEnding.Canceled };
        Tell(run, run.Return);
    }

    /// <summary>One run is told of.</summary>
    public void Step(int choice)
    {
        var tellable = mine.Values.Where(MayTell).OrderBy(run => run.Id, StringComparer.Ordinal).ToList();
        var run = tellable[choice % tellable.Count];
        if (run.IsNodeLost)
        {
            run.WasDoubted = true;
            Tell(run, new RunReturn { RunId = run.Id, Ending = RunEnding.Lost, Fault = new RunFault(FailureClass.Infrastructure, Rules.RunLost.At("its node is down")) });
        }
        else if (run.IsForgotten)
        {
            TellUnknown(run);
        }
        else if (run.Return is null && choice % 3 == 0)
        {
            run.IsUnknown = false;
            sink.Started(run.Id, new JobRunHeartbeatEventV1 { RunId = run.Id, Pid = 1, Host = choice % 2 == 0 ? "n1" : "", ExecutorRun = "slurm job 17" });
        }
        else
        {
            world.Cluster.Execute(run, engine);
            if (choice % 5 != 0)
            {
                Tell(run, run.Return!);
            }
        }
    }

    /// <summary>The cluster answers nothing.</summary>
    public void FallSilent()
    {
        foreach (var run in mine.Values.Where(run => !reported.Contains(run.Id) && run.Return is null && !run.IsNodeLost).ToList())
        {
            TellUnknown(run);
        }
    }

    /// <summary>The cluster loses what it has of a run; its process may be there all the same.</summary>
    public void Forget(int salt)
    {
        if (Waiting(salt) is { } run)
        {
            run.IsForgotten = true;
            run.IsLate = salt % 2 == 0;
        }
    }

    /// <summary>A node is said to be gone; its process may be there all the same.</summary>
    public void LoseNode(int salt)
    {
        if (Waiting(salt) is { } run)
        {
            run.IsNodeLost = true;
            run.IsLate = salt % 3 > 0;
        }
    }

    /// <summary>The cluster starts a run again, and tells of an end again.</summary>
    public void Repeat(int salt)
    {
        var ended = mine.Values.Where(run => run.Return is not null).OrderBy(run => run.Id, StringComparer.Ordinal).ToList();
        if (ended.Count > 0)
        {
            var run = ended[salt % ended.Count];
            world.Cluster.Execute(run, engine);
            if (reported.Contains(run.Id))
            {
                sink.Ended(run.Return!);
            }
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private bool MayTell(SimClusterRun run) => !reported.Contains(run.Id) && !(run.IsForgotten && run.IsUnknown);

    private SimClusterRun? Waiting(int salt)
    {
        var waiting = mine.Values.Where(run => run.IsWaiting && !reported.Contains(run.Id)).OrderBy(run => run.Id, StringComparer.Ordinal).ToList();
        return waiting.Count == 0 ? null : waiting[salt % waiting.Count];
    }

    private void Take(RunRequest request)
    {
        var run = mine[request.RunId] = world.Cluster.Submit(request);
        world.Given(run, engine);

        // Whoever asks anew has to be told anew.
        run.IsUnknown = false;
    }

    private void Tell(SimClusterRun run, RunReturn returned)
    {
        reported.Add(run.Id);
        sink.Ended(returned);
    }

    private void TellUnknown(SimClusterRun run)
    {
        run.IsUnknown = true;
        run.WasDoubted = true;
        sink.Unknown(run.Id, "squeue does not know it");
    }
}
