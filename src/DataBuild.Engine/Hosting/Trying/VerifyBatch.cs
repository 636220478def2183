using DataBuild.Engine.Graph;
using DataBuild.Engine.Ports;
using DataBuild.V1;

namespace DataBuild.Engine.Hosting.Trying;

/// <summary>Refs of one job that are run together, twice.</summary>
internal sealed class VerifyBatch(Job job, IReadOnlyList<string> refs)
{
    public Job Job { get; } = job;

    public IReadOnlyList<string> Refs { get; } = refs;

    public VerifyRun[] Runs { get; private set; } = [];

    public bool HasEnded => Runs.All(run => run.Returned is not null);

    /// <summary>Makes both runs ready: their folders are there, and are the caller's to remove.</summary>
    public void Prepare(Rehearsal rehearsal)
    {
        var runs = new List<VerifyRun>();
        for (int i = 0; i < 2; i++)
        {
            var intent = rehearsal.Intend(Job, Refs);
            var scratch = Scratch.Make(rehearsal.Workspace.StateDirectory, intent.RunId, Refs);
            runs.Add(new VerifyRun(intent, scratch, RehearsedRuns.Request(rehearsal, Job, intent, scratch)));
            Runs = [.. runs];
        }
    }
}
