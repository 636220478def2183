using DataBuild.V1;

namespace DataBuild.Engine.Graph;

/// <summary>The compiled form of a project.</summary>
public sealed class GraphLookup
{
    public GraphDocument Document => throw new NotImplementedException();

    public string Name => throw new NotImplementedException();

    public string TimeZone => throw new NotImplementedException();

    public IReadOnlyList<Job> Jobs => throw new NotImplementedException();

    public IReadOnlyList<Family> Families => throw new NotImplementedException();

    public IReadOnlyDictionary<string, int> Pools => throw new NotImplementedException();

    /// <summary>The project's wants, their metadata parsed, in declared order.</summary>
    public IReadOnlyList<StandingWant> Wants => throw new NotImplementedException();

    public Job? FindJob(string label) => throw new NotImplementedException();

    public Family? Find(string @ref) => throw new NotImplementedException();

    public Family? Find(string @ref, out PartitionKey? key) => throw new NotImplementedException();

    public string? Nearest(string @ref) => throw new NotImplementedException();

    public string NoProducerText(string @ref, string wantedBy) => throw new NotImplementedException();
}
