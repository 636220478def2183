using DataBuild.V1;

namespace DataBuild.Tasks.Positions;

/// <summary>Where the declarations of a document come from.</summary>
internal static class GraphOrigins
{
    public static IEnumerable<Origin> Of(GraphDocument document) => document.Jobs.Select(job => job.Origin)
        .Concat(document.Partitions.Select(partition => partition.Origin))
        .Concat(document.Sources.Select(source => source.Origin))
        .Concat(document.Wants.Select(want => want.Origin))
        .Concat(document.Pools.Select(pool => pool.Origin));
}
