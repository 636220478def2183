using DataBuild.Engine.Ports;
using DataBuild.Engine.Tests.Log;
using DataBuild.V1;

namespace DataBuild.Simulation.Tests;

/// <summary>The log as one engine has it.</summary>
internal sealed class SimLog(World world, SimEngine engine, InMemoryBuildEventLog inner) : IBuildEventLog
{
    private InMemoryBuildEventLog log = inner;

    public string LogId => log.LogId;

    public ulong Term { get; } = inner.Term;

    public ulong LastOffset => log.LastOffset;

    public void Append(IReadOnlyList<BuildEvent> events) => engine.Do(Effect.Append, () =>
    {
        if (world.Bug == Bug.AppendsUnderOldTerm && !engine.IsLeader)
        {
            log = log.Reopen();
        }

        log.Append(world.Bug == Bug.LosesAnEvent && events.Count > 3 ? [.. events.Take(events.Count - 1)] : events);
        world.Stored(events, engine);
    });

    public IEnumerable<StoredEvent> Read(ulong fromOffset, EventFilter? filter = null, int limit = int.MaxValue) => log.Read(fromOffset, filter, limit);

    public void Dispose()
    {
        // The events are the world's.
    }
}
