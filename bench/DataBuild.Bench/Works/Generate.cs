using DataBuild.V1;

namespace DataBuild.Bench.Works;

/// <summary>The shapes of work that are measured.</summary>
internal static class Generate
{
    /// <summary>Many that need nothing.</summary>
    public static Work Wide(int count) => new()
    {
        Name = "wide",
        Targets = [.. Enumerable.Range(0, count).Select(i => new Target($"w/{i}"))],
        Partitions = [new PartitionDefinition { Pattern = "w/{n:int}", Job = "j" }],
        Want = $"w/{{0..{count - 1}}}",
    };

    /// <summary>Many, each made from a source of its own.</summary>
    public static Work Sourced(int count) => new()
    {
        Name = "sourced",
        Targets = [.. Enumerable.Range(0, count).Select(i => new Target($"w/{i}", $"src/{i}"))],
        Sources = [.. Enumerable.Range(0, count).Select(i => $"src/{i}")],
        Partitions = [new PartitionDefinition { Pattern = "w/{n:int}", Job = "j", Needs = "in/{n}" }],
        SourcePatterns = [new SourceDefinition { Pattern = "in/{n:int}", Path = "src/{n}" }],
        Want = $"w/{{0..{count - 1}}}",
    };

    /// <summary>Each needs the one before.</summary>
    public static Work Chain(int count) => new()
    {
        Name = "chain",
        Targets = [.. Enumerable.Range(0, count).Select(i => i == 0 ? new Target("c/0") : new Target($"c/{i}", $"c/{i - 1}"))],
        Partitions = [new PartitionDefinition { Pattern = "c/{n:int}", Job = "j", Needs = "c/{n-1}" }],
        Want = $"c/{count - 1}",
    };

    /// <summary>Layers, each of which needs two of the layer before.</summary>
    public static Work Layers(int layers, int width) => new()
    {
        Name = "layers",
        Targets = [.. from layer in Enumerable.Range(0, layers) from i in Enumerable.Range(0, width) select new Target($"l/{layer}/{i}", Below(layer, i))],
        Partitions = [new PartitionDefinition { Pattern = "l/{k:int}/{n:int}", Job = "j", Needs = "l/{k-1}/{n};l/{k-1}/{n-1}" }],
        Want = $"l/{layers - 1}/{{0..{width - 1}}}",
    };

    /// <summary>A chain of which nobody knows before the jobs say so.</summary>
    public static Work Found(int depth) => new()
    {
        Name = "found",
        Targets = [.. Enumerable.Range(0, depth + 1).Select(i => new Target($"d/{i}"))],
        Partitions = [new PartitionDefinition { Pattern = "d/{n:int}", Job = "j" }],
        Want = $"d/{depth}",
        IsFound = true,
    };

    /// <summary>A day each, from 2000-01-01 on, made from a file a month.</summary>
    public static Work Days(int count)
    {
        var days = Enumerable.Range(0, count).Select(new DateOnly(2000, 1, 1).AddDays).ToList();
        return new()
        {
            Name = "days",
            Targets = [.. days.Select(day => new Target($"day/{day:yyyy-MM-dd}", $"src/{day:yyyy-MM}"))],
            Sources = [.. days.Select(day => $"src/{day:yyyy-MM}").Distinct()],
            Partitions = [new PartitionDefinition { Pattern = "day/{date}", Job = "j", Needs = "in/{date.month}" }],
            SourcePatterns = [new SourceDefinition { Pattern = "in/{month}", Path = "src/{month}" }],
            Want = $"day/{{{days[0]:yyyy-MM-dd}..{days[^1]:yyyy-MM-dd}}}",
        };
    }

    private static string[] Below(int layer, int i) =>
        layer == 0 ? [] : i == 0 ? [$"l/{layer - 1}/0"] : [$"l/{layer - 1}/{i}", $"l/{layer - 1}/{i - 1}"];
}
