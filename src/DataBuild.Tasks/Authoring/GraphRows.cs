using DataBuild.V1;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace DataBuild.Tasks.Authoring;

/// <summary>The graph as items, for -getTargetResult:DataBuildCompile.</summary>
internal static class GraphRows
{
    public static ITaskItem[] Of(GraphDocument document) =>
    [
        .. document.Jobs.Select(job => Row(job.Label, GraphItems.Job, ("Project", job.Origin.Project), ("Command", job.Command), ("Program", job.Program), ("Arguments", job.Arguments))),
        .. document.Partitions.Select(partition => Row(partition.Pattern, GraphItems.Partition, ("Project", partition.Origin.Project), ("Job", partition.Job), ("Needs", partition.Needs))),
        .. document.Sources.Select(source => Row(source.Pattern, GraphItems.Source, ("Project", source.Origin.Project), ("Path", source.Path))),
        .. document.Wants.Select(want => Row(want.Partitions, GraphItems.Want)),
        .. document.Pools.Select(pool => Row(pool.Name, GraphItems.Pool, ("Project", pool.Origin.Project), ("Slots", pool.Slots))),
    ];

    private static TaskItem Row(string identity, string kind, params (string Name, string Value)[] metadata)
    {
        var row = new TaskItem(MSBuildText.Escape(identity));
        row.SetMetadata("Kind", kind);
        foreach (var (name, value) in metadata)
        {
            row.SetMetadata(name, MSBuildText.Escape(value));
        }

        return row;
    }
}
