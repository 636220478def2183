using DataBuild.V1;

namespace DataBuild.Engine.Ports;

/// <summary>
/// Partitions as files and folders below the data root, published atomically: stage, prepare, sync, (the log commits), publish.
/// A reader of the data root sees each partition complete or not at all, at every moment, crashes included.
/// </summary>
public interface IPartitionStore
{
    /// <summary>Makes the run's own staging directory, with the folders that the outputs of these refs lie in, and returns its full path.</summary>
    string Stage(string runId, IReadOnlyList<string>? refs = null);

    /// <summary>
    /// The same for a run that outlives its engine: the directory keeps its path over terms, and where it is there already, what is in it
    /// stays. From it the run is prepared, published and discarded like any other.
    /// </summary>
    string StageOutliving(string runId, IReadOnlyList<string> refs);

    /// <summary>What keeps a partition from being put in place, as can be told before a run for it is started; null for nothing.</summary>
    /// <param name="ref">The partition.</param>
    /// <param name="isLive">What stands at its place was put there by a run.</param>
    Diagnostic? Obstacle(string @ref, bool isLive);

    /// <summary>What the run left in its staging directory: each ref's output, and paths that were not asked for (the first few).</summary>
    StagedOutput Inspect(string runId, IReadOnlyList<string> refs);

    /// <summary>Moves the run's staging directory to where only the holder of this term publishes from.</summary>
    void Prepare(string runId);

    /// <summary>Makes everything prepared so far durable, all at once.</summary>
    void Sync();

    /// <summary>Puts the refs' outputs in place, replacing older ones atomically, and removes the run's directory. Only after the commit.</summary>
    void Publish(string runId, IReadOnlyList<string> refs);

    /// <summary>
    /// Removes the run's directory, wherever it is. That of a run which outlives its engine is moved away before: what it still writes
    /// there, nobody looks at.
    /// </summary>
    void Discard(string runId);

    /// <summary>
    /// Makes the folder that the partitions of an expiry are moved to. Before the commit: whoever takes over renames that folder, and
    /// nothing can be removed by this term any more.
    /// </summary>
    void BeginExpiry(string expiryId);

    /// <summary>
    /// Removes these published partitions, each at one moment; one that is gone is no error. Only after the commit, and on the disk for
    /// good after the next <see cref="Sync"/>.
    /// </summary>
    void Expire(string expiryId, IReadOnlyList<string> refs);

    /// <summary>
    /// Takes over what older terms left: <paramref name="committed"/> tells which of a run's refs the log holds as live by that run;
    /// those are published again, all else is removed, but for what <paramref name="outliving"/> runs left: they are under way, or ended
    /// and nobody took their result, and it is theirs again.
    /// </summary>
    void Recover(Func<string, IReadOnlyList<string>> committed, Func<string, bool>? outliving = null);

    /// <summary>Looks at a published partition; the content is hashed only if the stamp differs.</summary>
    FileObservation Observe(string @ref, ulong knownStamp, ReadOnlySpan<byte> knownFingerprint);

    /// <summary>Looks at any file or folder (a source, a file read), full path; hashed only if the stamp differs.</summary>
    FileObservation ObservePath(string path, ulong knownStamp, ReadOnlySpan<byte> knownFingerprint);

    /// <summary>
    /// Looks at many published partitions at once, on all processors. In order, each as <see cref="Observe"/> would see it, but an
    /// unchanged one (its stamp is the known one) has an empty fingerprint: the caller's still holds.
    /// </summary>
    IReadOnlyList<FileObservation> ObserveMany(IReadOnlyList<(string Ref, ulong Stamp)> refs);
}
