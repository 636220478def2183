using Microsoft.Build.Framework;

namespace DataBuild.Tasks.Authoring;

/// <summary>The project's items by type.</summary>
internal sealed record GraphItems(ITaskItem[] Jobs, ITaskItem[] Partitions, ITaskItem[] Sources, ITaskItem[] Wants, ITaskItem[] Pools)
{
    public const string Job = "Job";
    public const string Partition = "Partition";
    public const string Source = "Source";
    public const string Want = "Want";
    public const string Pool = "Pool";

    public static IReadOnlyList<string> Types { get; } = [Job, Partition, Source, Want, Pool];

    public IEnumerable<(string Type, ITaskItem[] Items)> ByType =>
        [(Job, Jobs), (Partition, Partitions), (Source, Sources), (Want, Wants), (Pool, Pools)];
}
