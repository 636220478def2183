namespace DataBuild.Jobs;

/// <summary>
/// Inputs are not there yet. Not a failure: the host reports them, the engine has them made and runs the job again for this ref.
/// Let it pass; catching it changes nothing, as the miss is on record once it was found.
/// </summary>
public sealed class MissingInputsException : Exception
{
    internal MissingInputsException(IReadOnlyList<string> refs)
        : base($"missing: {string.Join(", ", refs)}") => Refs = refs;

    /// <summary>The refs that lack.</summary>
    public IReadOnlyList<string> Refs { get; }
}
