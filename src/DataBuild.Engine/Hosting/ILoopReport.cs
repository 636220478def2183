using DataBuild.Engine.Graph;
using DataBuild.Engine.Ports;
using DataBuild.Engine.Reconciling;
using DataBuild.Engine.State;
using DataBuild.V1;

namespace DataBuild.Engine.Hosting;

/// <summary>Told by the loop of what happens, in the order in which it happens, on its thread.</summary>
internal interface ILoopReport
{
    void Line(string text, Importance importance = Importance.High);

    /// <summary>A file of the job's own changed while runs of it were under way: what they made is stale.</summary>
    void JobChanged(Job job, string file);

    /// <summary>The run's intent is stored and the executor has it.</summary>
    void Queued(PlannedRun run, RunRequest request);

    /// <summary>Its process exists. More runs are queued than there are slots, and only these are running.</summary>
    void Started(string runId);

    void Progressed(string runId, Progress progress);

    void Ended(RunFacts run, RunReturn returned, RunResult result, StagedOutput staged);

    /// <summary>How many refs stand where; asked for once a turn.</summary>
    void Progress(BuildProgress progress);

    /// <summary>An event of the reconciler's own.</summary>
    void Learned(BuildEvent e);

    /// <summary>All events up to here are stored.</summary>
    void Committed(int queued);
}
