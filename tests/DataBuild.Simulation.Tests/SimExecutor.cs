using DataBuild.Engine.Ports;
using DataBuild.V1;

namespace DataBuild.Simulation.Tests;

/// <summary>An executor with so many slots, whose processes end when the world says so.</summary>
internal sealed class SimExecutor(World world, SimEngine engine, IRunSink sink, int slots) : IJobExecutor
{
    private readonly Queue<RunRequest> queued = [];
    private readonly List<SimProcess> running = [];
    private int ended;

    public bool IsBusy => running.Count > 0;

    public void Start(RunRequest request) => engine.Do(Effect.Start, () =>
    {
        queued.Enqueue(request);
        Fill();
    });

    public void Cancel(string runId)
    {
        if (queued.Any(request => request.RunId == runId))
        {
            var left = queued.Where(request => request.RunId != runId).ToList();
            queued.Clear();
            left.ForEach(queued.Enqueue);
            sink.Ended(new RunReturn { RunId = runId, Ending = RunEnding.Canceled });
        }
        else if (running.Find(process => process.Request.RunId == runId) is { } process)
        {
            End(process, new RunReturn { RunId = runId, Ending = RunEnding.Canceled, Signal = 15, Started = world.Now });
        }
    }

    /// <summary>One of the running processes comes to its end.</summary>
    public void EndOne(int choice)
    {
        var process = running[choice % running.Count];
        if (world.Bug == Bug.LosesAResult && ++ended % 7 == 0)
        {
            running.Remove(process);
            world.Processes.Remove(process);
            return;
        }

        End(process, process.IsKilled
            ? new RunReturn { RunId = process.Request.RunId, Ending = RunEnding.Exited, Signal = choice % 2 == 0 ? 9 : 15, Started = world.Now }
            : world.Jobs.Run(process));
    }

    /// <summary>A process dies by a signal of somebody else's.</summary>
    public void KillOne(int choice)
    {
        if (running.Count > 0)
        {
            running[choice % running.Count].IsKilled = true;
        }
    }

    public ValueTask DisposeAsync()
    {
        running.ForEach(process => world.Processes.Remove(process));
        running.Clear();
        queued.Clear();
        return ValueTask.CompletedTask;
    }

    private void End(SimProcess process, RunReturn returned)
    {
        running.Remove(process);
        world.Processes.Remove(process);
        sink.Ended(returned);
        if (world.TakeDoubled())
        {
            sink.Ended(returned);
        }

        Fill();
    }

    private void Fill()
    {
        while (running.Count < slots && queued.TryDequeue(out var request))
        {
            int times = world.Bug == Bug.StartsTwice && running.Count + 1 < slots ? 2 : 1;
            for (; times > 0; times--)
            {
                var process = world.Started(request, engine);
                running.Add(process);
                if (world.Chance(2))
                {
                    sink.Started(request.RunId, new JobRunHeartbeatEventV1 { RunId = request.RunId, Pid = 1, Host = "here" });
                }
            }
        }
    }
}
