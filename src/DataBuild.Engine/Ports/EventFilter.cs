namespace DataBuild.Engine.Ports;

/// <summary>Which events to read; a null list means all, an event passes if it matches each list that is given.</summary>
public sealed record EventFilter
{
    /// <summary>Refs or globs over refs (<c>*</c> within a segment, <c>**</c> across).</summary>
    public IReadOnlyList<string>? Refs { get; init; }

    public IReadOnlyList<string>? Jobs { get; init; }

    public IReadOnlyList<string>? RunIds { get; init; }

    public IReadOnlyList<string>? WantIds { get; init; }
}
