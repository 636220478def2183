using DataBuild.Engine.Ports;

namespace DataBuild.Simulation.Tests;

/// <summary>
/// A cluster that goes on without engines: it runs what it was given once, whoever gives it again, forgets, lies and repeats. What an
/// engine sees of it, it sees through a <see cref="SimClusterExecutor"/>.
/// </summary>
internal sealed class SimCluster(World world)
{
    private readonly Dictionary<string, SimClusterRun> runs = new(StringComparer.Ordinal);

    public IEnumerable<SimClusterRun> Runs => runs.Values;

    public SimClusterRun? Find(string runId) => runs.GetValueOrDefault(runId);

    /// <summary>Given again, it is the run that it was.</summary>
    public SimClusterRun Submit(RunRequest request)
    {
        if (!runs.TryGetValue(request.RunId, out var run))
        {
            runs.Add(request.RunId, run = new SimClusterRun(request, world.VersionOfRun(request.RunId)));
        }

        return run;
    }

    /// <summary>Its payload claims its key, works and leaves its exit file; a second one finds the claim and does nothing.</summary>
    public void Execute(SimClusterRun run, SimEngine engine)
    {
        if (run.Executions > 0 && world.Bug != Bug.ClaimsNothing)
        {
            return;
        }

        run.Executions++;
        Assert.True(run.Executions == 1, $"run {run.Id} was executed {run.Executions} times");
        run.Return = world.Jobs.Run(new SimProcess(run.Request, engine, run.Version));
        run.Wrote.UnionWith(world.OutputsOf(run.Id)!.Keys);
    }

    /// <summary>Time passes without an engine: runs end that nobody waits for.</summary>
    public void GoOn(SimEngine engine)
    {
        foreach (var run in runs.Values.Where(run => run.IsWaiting && !run.IsRevoked && world.Chance(2)).ToList())
        {
            Execute(run, engine);
        }
    }

    /// <summary>Processes that were given up write by the path that they were given, and leave their exit file: it comes too late.</summary>
    public void WriteLate(SimEngine engine, bool all)
    {
        foreach (var run in runs.Values.Where(run => run is { IsLate: true, IsRevoked: true, Executions: 0 } && (all || world.Chance(3))).ToList())
        {
            run.WroteLate = true;
            run.Executions++;
            run.Return = world.Jobs.Run(new SimProcess(run.Request, engine, run.Version));
        }
    }
}
