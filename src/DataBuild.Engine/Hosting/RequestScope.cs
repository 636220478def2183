using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Graph;
using DataBuild.Engine.Hosting.Serving;
using DataBuild.V1;
using PartitionSet = DataBuild.Engine.Graph.PartitionSet;

namespace DataBuild.Engine.Hosting;

/// <summary>What the caller asks for beside the project has to make sense before anything is touched.</summary>
internal static class RequestScope
{
    public static void Check(EngineRequest request, GraphLookup graph, DateTime today)
    {
        Schedules.Check(graph);
        foreach (string label in request.Jobs)
        {
            if (graph.FindJob(label) is null)
            {
                throw new DataBuildException(Rules.UnknownTarget, $"the project has no job '{label}'; it has {string.Join(", ", graph.Jobs.Select(job => job.Label))}");
            }
        }

        foreach (string set in request.Wants)
        {
            PartitionSet.Parse([set], graph, today);
        }

        foreach (var want in graph.Wants)
        {
            PartitionSet.Parse([want.Definition.Partitions], graph, today, want.Definition.Origin);
        }
    }
}
