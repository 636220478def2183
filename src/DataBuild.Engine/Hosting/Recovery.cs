using DataBuild.Engine.Ports;
using DataBuild.V1;

namespace DataBuild.Engine.Hosting;

/// <summary>What a new engine does about what a dead one left, once its processes are ended: first the log, then the files.</summary>
internal static class Recovery
{
    /// <summary>Runs of the engine's own machine without an end are lost: they die with their engine. Those that outlive it stay under way.</summary>
    /// <param name="journal">The log.</param>
    /// <param name="ended">How many processes of a run were still there and were ended.</param>
    /// <param name="now">The clock.</param>
    public static void RecordLost(Journal journal, Func<string, int> ended, Func<DateTimeOffset> now)
    {
        foreach (var run in journal.State.ActiveRuns.Where(run => !run.Outlives).ToList())
        {
            int found = ended(run.IdText);
            string cause = found > 0 ? $"its engine died; {found} of its processes were still running and were ended" : "its engine died";
            journal.Add(new BuildEvent { JobRunLost = new JobRunLostEventV1 { RunId = run.IdText, Cause = cause } }, now());
        }

        journal.Commit();
    }

    /// <summary>Finishes publishing what is committed, and removes the rest.</summary>
    public static void Publish(Journal journal, IPartitionStore store)
    {
        var liveRefs = journal.State.LiveRefsByRun();
        store.Recover(runId => liveRefs(runId), runId => journal.State.FindRun(runId) is { Outlives: true });
    }
}
