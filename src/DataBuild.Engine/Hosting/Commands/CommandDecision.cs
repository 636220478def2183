using DataBuild.Engine.Graph;
using DataBuild.V1;
using PartitionSet = DataBuild.Engine.Graph.PartitionSet;

namespace DataBuild.Engine.Hosting.Commands;

/// <summary>What a command comes to: events to append, and what is said of them.</summary>
internal sealed class CommandDecision
{
    private const int MostRefs = 20;

    public CommandReport Report { get; } = new();

    public List<BuildEvent> Events { get; } = [];

    /// <summary>Runs to end and to hold, with who asked.</summary>
    public List<(string RunId, string Cause)> EndRuns { get; } = [];

    /// <summary>Counts refs by family and names the first ones.</summary>
    public CommandDecision About(GraphLookup graph, IEnumerable<string> refs)
    {
        var counts = new Dictionary<Family, long>();
        foreach (string @ref in refs)
        {
            if (Report.FirstRefs.Count < MostRefs)
            {
                Report.FirstRefs.Add(@ref);
            }

            Report.Refs++;
            if (graph.Find(@ref) is { } family)
            {
                counts[family] = counts.GetValueOrDefault(family) + 1;
            }
        }

        foreach (var (family, count) in counts.OrderBy(entry => entry.Key.Index))
        {
            Report.Families.Add(new FamilyCount { Pattern = family.Pattern.Text, Refs = count });
        }

        return this;
    }

    /// <summary>The same for a set that may be too large to be listed.</summary>
    public CommandDecision About(GraphLookup graph, PartitionSet set)
    {
        if (set.Families is not [var family])
        {
            return About(graph, set.Enumerate());
        }

        Report.Refs = set.Count;
        Report.FirstRefs.AddRange(set.Enumerate().Take(MostRefs));
        Report.Families.Add(new FamilyCount { Pattern = family.Pattern.Text, Refs = set.Count });
        return this;
    }

    public CommandDecision Says(string summary)
    {
        Report.Summary = summary;
        return this;
    }

    public static string Count(long count, string noun = "partition") =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{count:N0} {noun}{(count == 1 ? "" : "s")}");
}
