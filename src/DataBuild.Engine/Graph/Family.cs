using DataBuild.V1;

namespace DataBuild.Engine.Graph;

/// <summary>All refs of one pattern: partitions of one job, or sources.</summary>
public sealed class Family
{
    public required int Index { get; init; }

    public required PartitionPattern Pattern { get; init; }

    /// <summary>Null for a source.</summary>
    public required Job? Job { get; init; }

    public bool IsSource => Job is null;

    public required bool Early { get; init; }

    public required TimeSpan? Retention { get; init; }

    public required Origin Origin { get; init; }

    public bool HasNeeds => throw new NotImplementedException();

    public IReadOnlyList<string> Needs(string @ref) => throw new NotImplementedException();

    public DateTime? IntervalEnd(string @ref) => throw new NotImplementedException();

    public string SourcePath(string @ref) => throw new NotImplementedException();

    public string BatchGroup(string @ref) => throw new NotImplementedException();
}
