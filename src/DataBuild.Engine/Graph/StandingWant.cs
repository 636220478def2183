using DataBuild.V1;

namespace DataBuild.Engine.Graph;

/// <summary>A want of the project, its metadata parsed and checked.</summary>
public sealed class StandingWant
{
    public required WantDefinition Definition { get; init; }

    /// <summary>Null for ever.</summary>
    public required TimeSpan? Ttl { get; init; }

    /// <summary>Null for no deadline.</summary>
    public required TimeSpan? Sla { get; init; }

    /// <summary>Higher goes first.</summary>
    public required int Priority { get; init; }
}
