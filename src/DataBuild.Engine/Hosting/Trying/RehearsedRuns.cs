using DataBuild.Engine.Graph;
using DataBuild.Engine.Ports;
using DataBuild.Engine.Reconciling;
using DataBuild.V1;

namespace DataBuild.Engine.Hosting.Trying;

/// <summary>Requests for runs in scratch folders: those of builds but for where they write.</summary>
internal static class RehearsedRuns
{
    public static RunRequest Request(Rehearsal rehearsal, Job job, JobRunQueueEventV1 intent, Scratch scratch)
    {
        var refs = intent.Partitions.Select(partition => partition.Ref).ToList();
        var sources = new SourceFiles(scratch.Engine, rehearsal.Workspace.ProjectFolder, () => rehearsal.Graph);
        return new RunRequests(rehearsal.Workspace, sources.For).For(new PlannedRun(job, intent), refs, scratch.Output) with { LogDirectory = scratch.Logs };
    }

    /// <summary>The same with the scratch folder left open; nothing is made.</summary>
    public static RunRequest Request(Rehearsal rehearsal, Job job, JobRunQueueEventV1 intent, string scratch)
    {
        var refs = intent.Partitions.Select(partition => partition.Ref).ToList();
        var withoutSources = intent.Clone();
        withoutSources.Inputs.Clear();
        var sources = new SourceFiles(scratch, rehearsal.Workspace.ProjectFolder, () => rehearsal.Graph);
        return new RunRequests(rehearsal.Workspace, sources.For).For(new PlannedRun(job, withoutSources), refs, Path.Combine(scratch, "out"));
    }
}
