namespace DataBuild.Engine.Ports;

/// <summary>What a run left in its staging directory.</summary>
/// <param name="Outputs">One for each ref asked about, in order; absent where <see cref="FileObservation.Exists"/> is false.</param>
/// <param name="Unasked">Paths that belong to no ref of the run, at most ten.</param>
public sealed record StagedOutput(IReadOnlyList<FileObservation> Outputs, IReadOnlyList<string> Unasked)
{
    /// <summary>Refs without an output at whose place in the data root there is something.</summary>
    public IReadOnlyList<string> InPlace { get; init; } = [];
}
