using DataBuild.Engine.Ports;
using DataBuild.Engine.State;
using DataBuild.V1;

namespace DataBuild.Engine.Hosting.Queries;

/// <summary>The events of one run that has ended: its intent and its end.</summary>
internal sealed record RunHistory(ulong QueuedAt, JobRunQueueEventV1 Queue, ulong EndedAt, BuildEvent End)
{
    private const ulong FirstWindow = 256;

    public RunEnd? RunEnd => End.RunEnd();

    /// <summary>
    /// Looks back from an offset at which the run had ended, in growing windows: a run's events lie close together, so this reads
    /// little of a long log.
    /// </summary>
    public static RunHistory? Find(IBuildEventLog log, Guid run, ulong upTo)
    {
        string id = run.ToString("D");
        StoredEvent? end = null;
        ulong window = FirstWindow;
        for (ulong last = upTo; last > 0; window *= 4)
        {
            ulong first = last > window ? last - window + 1 : 1;
            StoredEvent? queue = null;
            foreach (var stored in log.Read(first, limit: (int)Math.Min(last - first + 1, int.MaxValue)))
            {
                if (stored.Event.JobRunQueue?.RunId == id)
                {
                    queue = stored;
                }
                else if (stored.Event.EndedRun() == id)
                {
                    end = stored;
                }
            }

            if (queue is { } found)
            {
                return end is { } ended ? new RunHistory(found.Offset, found.Event.JobRunQueue, ended.Offset, ended.Event) : null;
            }

            last = first - 1;
        }

        return null;
    }
}
