using System.Collections.Concurrent;
using System.Globalization;
using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Ports;
using DataBuild.V1;

namespace DataBuild.Engine.Files;

/// <summary>
/// Partitions as files below a data root. All its work is in folders named by its term, and every change of the data root is a
/// rename out of them: whoever renames those folders has stopped it.
/// </summary>
/// <remarks>
/// <para>Published files keep the permissions that the job gave them.</para>
/// <para>All methods may be called from any thread; those that name a run, for one run by one thread at a time.</para>
/// </remarks>
public sealed class PartitionStore : IPartitionStore, IDisposable
{
    /// <summary>Folder of the runs that outlive their engine: no term owns it. What is moved out of it, is moved to where only one term works.</summary>
    internal const string RemoteFolder = "remote";

    private readonly DataRoot root;
    private readonly ulong term;
    private readonly Durability durability;
    private readonly Action<Diagnostic>? warn;
    private readonly Disk disk;
    private readonly FileObserver observer;
    private readonly TargetFolders targets;
    private readonly RunPublisher publisher;
    private readonly SpareFolders spares;
    private readonly ConcurrentDictionary<string, RunFolders> staged = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> outliving = new(StringComparer.Ordinal);
    private readonly Lock begin = new();
    private readonly string staging;
    private readonly string publish;
    private readonly string remote;
    private volatile bool begun;
    private int warnedOfExchange;

    /// <param name="root">Where partitions are; stays the caller's to dispose of.</param>
    /// <param name="term">Of the caller's lease, never used before; 0 for a reader, who may only observe.</param>
    /// <param name="durability">What published partitions survive.</param>
    /// <param name="hashes">Saves reading large files again that were only touched.</param>
    /// <param name="warn">Told of what works but less well; from any thread.</param>
    public PartitionStore(
        DataRoot root, ulong term, Durability durability = Durability.Full, IFileHashCache? hashes = null, Action<Diagnostic>? warn = null)
        : this(root, term, durability, new FileObserver(hashes), warn, new Disk())
    {
    }

    internal PartitionStore(DataRoot root, ulong term, Durability durability, FileObserver observer, Action<Diagnostic>? warn, Disk disk)
    {
        this.root = root;
        this.term = term;
        this.durability = durability;
        this.observer = observer;
        this.warn = warn;
        this.disk = disk;
        targets = new(root, disk);
        publisher = new(root, disk, targets, WarnOfExchange, recovering: false);
        staging = Path.Join(root.ReservedPath, TermFolder.StagingOf(term));
        publish = Path.Join(root.ReservedPath, TermFolder.PublishOf(term));
        remote = Path.Join(root.ReservedPath, RemoteFolder);
        spares = new(disk, staging);
    }

    /// <exception cref="DataBuildException">DBLD6107: another term has taken over. DBLD6103, DBLD6111, DBLD6112: it cannot be made.</exception>
    public string Stage(string runId, IReadOnlyList<string>? refs = null)
    {
        foreach (var @ref in refs ?? [])
        {
            PartitionPath.Require(@ref);
        }

        Begin();
        var path = RunIn(staging, runId);
        var folders = RunFolders.Of(refs ?? []);
        if (!spares.TryTake(folders, path))
        {
            Make(runId, path, folders);
        }

        staged[runId] = folders;
        return path;
    }

    /// <exception cref="DataBuildException">DBLD6107: another term has taken over. DBLD6103, DBLD6111, DBLD6112: it cannot be made.</exception>
    public string StageOutliving(string runId, IReadOnlyList<string> refs)
    {
        foreach (var @ref in refs)
        {
            PartitionPath.Require(@ref);
        }

        Begin();
        outliving[runId] = true;
        var path = RunIn(remote, runId);
        foreach (var folder in RunFolders.Of(refs).Paths.Select(folder => Path.Join(path, folder)).Prepend(path).Prepend(remote))
        {
            var error = disk.MakeFolder(folder);
            if (error is not (Errno.None or Errno.Exists))
            {
                throw StorageError.Of(error, $"make folder '{folder}'");
            }
        }

        return path;
    }

    public Diagnostic? Obstacle(string @ref, bool isLive)
    {
        PartitionPath.Require(@ref);
        try
        {
            targets.Check(@ref);
        }
        catch (DataBuildException e)
        {
            return e.ToDiagnostic();
        }

        return !isLive && IsThere(@ref, out var path)
            ? Rules.InTheWay.At($"'{path}' is there and no build made it; take it in with `databuild adopt '{@ref}'`, or move or delete it and build again")
            : null;
    }

    /// <exception cref="DataBuildException">
    /// DBLD6106, DBLD6108, DBLD6109, DBLD6114, DBLD6118 to DBLD6121: an output cannot be published as it is. DBLD6107: another term has taken over.
    /// </exception>
    public StagedOutput Inspect(string runId, IReadOnlyList<string> refs)
    {
        foreach (var @ref in refs)
        {
            PartitionPath.Require(@ref);
            targets.Check(@ref);
        }

        var run = StagedAt(runId);
        var output = StagedRun.Inspect(run, refs);
        if (output.Outputs.All(static seen => seen.Exists))
        {
            return output;
        }

        return output.Outputs.All(static seen => !seen.Exists) && !Directory.Exists(run)
            ? throw TakenOver($"run {runId}")
            : output with { InPlace = [.. refs.Where((@ref, i) => !output.Outputs[i].Exists && IsThere(@ref, out _))] };
    }

    /// <exception cref="DataBuildException">DBLD6107: another term has taken over. DBLD6112: it cannot be moved.</exception>
    public void Prepare(string runId)
    {
        var run = StagedAt(runId);
        var error = disk.Rename(run, RunIn(publish, runId));
        if (error != Errno.None)
        {
            throw error == Errno.NoEntry ? TakenOver($"run {runId}") : StorageError.Of(error, $"prepare run {runId} for publishing");
        }
    }

    /// <remarks>Writes everything dirty of the data root's file system, also what others wrote: one call costs what one fsync costs.</remarks>
    /// <exception cref="DataBuildException">DBLD6111, DBLD6112: it did not reach the disk.</exception>
    public void Sync()
    {
        if (durability == Durability.None || root.Handle is null)
        {
            return;
        }

        var error = disk.Sync(root.Handle);
        if (error != Errno.None)
        {
            throw StorageError.Of(error, $"make what was written to '{root.FullPath}' durable");
        }
    }

    /// <exception cref="DataBuildException">DBLD6107: another term has taken over. DBLD6106, DBLD6112, DBLD6119, DBLD6120: a ref cannot be put in place.</exception>
    public void Publish(string runId, IReadOnlyList<string> refs)
    {
        var run = RunIn(publish, runId);
        if (!PublishFrom(publisher, run, refs))
        {
            throw TakenOver($"run {runId}");
        }
    }

    public void Discard(string runId)
    {
        if (!begun)
        {
            return;
        }

        if (outliving.TryRemove(runId, out _))
        {
            // Moved first: what it may still write by its old path, it writes to nowhere, and what it holds open is removed with the rest.
            // Where another term has taken over, the folder is that term's, and stays.
            _ = disk.Rename(RunIn(remote, runId), RunIn(publish, runId));
            Remove(RunIn(publish, runId));
            return;
        }

        staged.TryRemove(runId, out var folders);
        foreach (var run in (ReadOnlySpan<string>)[RunIn(publish, runId), RunIn(staging, runId)])
        {
            if (folders is null || !spares.TryKeep(folders, run))
            {
                Remove(run);
            }
        }
    }

    /// <exception cref="DataBuildException">DBLD6107: another term has taken over. DBLD6103, DBLD6111, DBLD6112: it cannot be made.</exception>
    public void BeginExpiry(string expiryId)
    {
        Begin();
        var error = disk.MakeFolder(RunIn(publish, expiryId));
        if (error is not (Errno.None or Errno.Exists))
        {
            throw error == Errno.NoEntry ? TakenOver($"expiry {expiryId}") : StorageError.Of(error, $"make folder '{RunIn(publish, expiryId)}'");
        }
    }

    /// <exception cref="DataBuildException">DBLD6107: another term has taken over. DBLD6103, DBLD6112: a partition cannot be removed.</exception>
    public void Expire(string expiryId, IReadOnlyList<string> refs)
    {
        var folder = RunIn(publish, expiryId);
        for (var i = 0; i < refs.Count; i++)
        {
            PartitionPath.Require(refs[i]);
            try
            {
                targets.Check(refs[i]);
            }
            catch (DataBuildException e)
            {
                // Its folder leads out of the data root by now: what is there is none of ours.
                warn?.Invoke(e.ToDiagnostic());
                continue;
            }

            var error = disk.Rename(Path.Join(root.FullPath, refs[i]), Path.Join(folder, i.ToString(CultureInfo.InvariantCulture)));
            if (error is Errno.NoEntry or Errno.NotFolder)
            {
                if (FileStat.Of(folder, follow: false, out var stat) != Errno.None || !stat.Exists)
                {
                    throw TakenOver($"expiry {expiryId}");
                }
            }
            else if (error != Errno.None)
            {
                throw StorageError.Of(error, $"remove '{refs[i]}' from '{root.FullPath}'");
            }
        }

        Remove(folder);
    }

    /// <exception cref="DataBuildException">DBLD6107: a later term is at work here.</exception>
    public void Recover(Func<string, IReadOnlyList<string>> committed, Func<string, bool>? outliving = null)
    {
        RequireWriter();
        var recovering = new RunPublisher(root, disk, targets, WarnOfExchange, recovering: true);
        foreach (var folder in TermFolders())
        {
            if (folder.Term < term)
            {
                TakeOver(folder);
            }
        }

        // From here on nobody else can touch them: the names are this term's.
        foreach (var folder in TermFolders().Where(folder => folder.Term == term && folder.IsTakenOver))
        {
            var path = Path.Join(root.ReservedPath, folder.Name);
            if (folder.IsPublish)
            {
                foreach (var run in Directory.EnumerateFileSystemEntries(path).ToList())
                {
                    var runId = Path.GetFileName(run);
                    if (outliving?.Invoke(runId) == true)
                    {
                        GiveBack(run, runId);
                        continue;
                    }

                    _ = PublishFrom(recovering, run, committed(runId));
                }
            }

            Remove(path);
        }

        // Attempts that were lost or cancelled: whatever they wrote since is nobody's.
        foreach (var run in EntriesOf(remote).Where(run => outliving?.Invoke(Path.GetFileName(run)) != true))
        {
            Remove(run);
        }

        if (EntriesOf(remote).Length == 0)
        {
            disk.RemoveFolder(remote);
        }
    }

    public FileObservation Observe(string @ref, ulong knownStamp, ReadOnlySpan<byte> knownFingerprint)
    {
        PartitionPath.Require(@ref);
        var seen = observer.Observe(Path.Join(root.FullPath, @ref), knownStamp, knownFingerprint);
        return seen.Exists || root.IsStillThere() ? seen : throw NotThere();
    }

    public FileObservation ObservePath(string path, ulong knownStamp, ReadOnlySpan<byte> knownFingerprint) =>
        observer.Observe(path, knownStamp, knownFingerprint);

    public IReadOnlyList<FileObservation> ObserveMany(IReadOnlyList<(string Ref, ulong Stamp)> refs)
    {
        if (root.Handle is not { } handle)
        {
            return Enumerable.Repeat(FileObservation.Absent, refs.Count).ToArray();
        }

        // Relative to the open folder: the kernel need not walk down to the data root a hundred thousand times.
        var held = false;
        try
        {
            handle.DangerousAddRef(ref held);
            var seen = observer.ObserveMany((int)handle.DangerousGetHandle(), root.FullPath, refs);
            return seen.All(static one => one.Exists) || root.IsStillThere() ? seen : throw NotThere();
        }
        finally
        {
            if (held)
            {
                handle.DangerousRelease();
            }
        }
    }

    /// <summary>Removes the term's own folders where nothing is left in them; what is left, the next term takes over.</summary>
    public void Dispose()
    {
        if (begun)
        {
            spares.Clear();
            RemoveStrangers();
            disk.RemoveFolder(staging);
            disk.RemoveFolder(publish);
            disk.RemoveFolder(remote);
        }
    }

    /// <summary>
    /// Makes the term's folders before the first run, once: were they made again after a takeover, this process could go on. A build
    /// without runs makes none.
    /// </summary>
    private void Begin()
    {
        if (begun)
        {
            return;
        }

        lock (begin)
        {
            if (begun)
            {
                return;
            }

            RequireWriter();
            _ = TermFolders();
            foreach (var folder in (ReadOnlySpan<string>)[publish, staging])
            {
                var error = disk.MakeFolder(folder);
                if (error is not (Errno.None or Errno.Exists))
                {
                    throw StorageError.Of(error, $"make folder '{folder}'");
                }
            }

            begun = true;
        }
    }

    private void RequireWriter()
    {
        if (term == 0 || root.Handle is null)
        {
            throw new InvalidOperationException("A reader of the data root (term 0, or opened without create) cannot change it.");
        }
    }

    /// <summary>Refuses to work beside a later term: that one holds the lease, not this process.</summary>
    private IReadOnlyList<TermFolder> TermFolders()
    {
        var folders = TermFolder.In(root.ReservedPath);
        foreach (var folder in folders)
        {
            if (folder.Term > term)
            {
                throw new DataBuildException(
                    Rules.DataRootTakenOver,
                    $"another build (term {folder.Term}, this one is {term}) has taken over data root '{root.FullPath}'; build again when it has ended");
            }
        }

        return folders;
    }

    /// <summary>
    /// The run had ended, an older term had begun to take its result, and nothing of that is in the log: it lies where the run left it, and
    /// is taken from there. The newer folder is the one to keep: what stands at the old place, a late process made.
    /// </summary>
    private void GiveBack(string run, string runId)
    {
        var back = RunIn(remote, runId);
        _ = disk.MakeFolder(remote);
        var error = disk.Rename(run, back);
        if (error is Errno.NotEmpty or Errno.Exists)
        {
            Remove(back);
            error = disk.Rename(run, back);
        }

        if (error != Errno.None)
        {
            throw error == Errno.NoEntry ? TakenOver($"run {runId}") : StorageError.Of(error, $"take back '{run}' to '{back}'");
        }
    }

    private string StagedAt(string runId) => RunIn(outliving.ContainsKey(runId) ? remote : staging, runId);

    private void TakeOver(TermFolder folder)
    {
        var kind = folder.IsPublish ? TermFolder.Publish : TermFolder.Staging;
        for (var number = 0; ; number++)
        {
            var to = string.Create(CultureInfo.InvariantCulture, $"{kind}{term}.{number}");
            var error = disk.Rename(Path.Join(root.ReservedPath, folder.Name), Path.Join(root.ReservedPath, to));
            switch (error)
            {
                case Errno.None:
                    return;
                case Errno.NotEmpty or Errno.Exists:
                    continue;
                case Errno.NoEntry:
                    // It was there a moment ago: either its process ended and removed it, or a later term took it.
                    _ = TermFolders();
                    return;
                default:
                    throw StorageError.Of(error, $"take over '{folder.Name}' in '{root.ReservedPath}'");
            }
        }
    }

    private void Make(string runId, string path, RunFolders folders)
    {
        var error = disk.MakeFolder(path);
        if (error == Errno.Exists)
        {
            // Staged before and not run: what is there is nobody's.
            Remove(path);
            error = disk.MakeFolder(path);
        }

        for (var i = 0; error == Errno.None && i < folders.Paths.Count; i++)
        {
            error = disk.MakeFolder(Path.Join(path, folders.Paths[i]));
        }

        if (error != Errno.None)
        {
            throw error == Errno.NoEntry ? TakenOver($"run {runId}") : StorageError.Of(error, $"make folder '{path}'");
        }
    }

    private bool PublishFrom(RunPublisher by, string run, IReadOnlyList<string> refs)
    {
        var swapped = false;
        foreach (var @ref in refs)
        {
            if (!by.Publish(run, @ref, ref swapped))
            {
                return false;
            }
        }

        // Old content stays behind after an exchange: that directory is emptied and not used again.
        outliving.TryRemove(Path.GetFileName(run), out _);
        staged.TryRemove(Path.GetFileName(run), out var folders);
        if (swapped || folders is null || !spares.TryKeep(folders, run))
        {
            Remove(run);
        }

        return true;
    }

    private bool IsThere(string @ref, out string path)
    {
        path = Path.Join(root.FullPath, @ref);
        return FileStat.Of(path, follow: false, out var stat) == Errno.None && stat.Exists;
    }

    /// <summary>What lies beside the folders of runs, some job wrote there by way of "..".</summary>
    private void RemoveStrangers()
    {
        foreach (var folder in (ReadOnlySpan<string>)[staging, publish])
        {
            var strangers = EntriesOf(folder).Where(path => !Guid.TryParse(Path.GetFileName(path), out _)).ToList();
            if (strangers.Count > 0)
            {
                var more = strangers.Count > 1 ? string.Create(CultureInfo.InvariantCulture, $" and {strangers.Count - 1} more") : "";
                warn?.Invoke(Rules.WroteBesideOutput.At(
                    $"a job wrote '{Path.GetFileName(strangers[0])}'{more} beside its output folder, as DATABUILD_OUTPUT_ROOT/../{Path.GetFileName(strangers[0])}; it is removed: write below DATABUILD_OUTPUT_ROOT"));
                strangers.ForEach(Remove);
            }
        }
    }

    private static string[] EntriesOf(string folder)
    {
        try
        {
            return Directory.GetFileSystemEntries(folder);
        }
        catch (DirectoryNotFoundException)
        {
            // Taken over by now: what is in it is the later term's to remove.
            return [];
        }
    }

    /// <summary>Garbage that stays is no reason to fail a run whose data is in place.</summary>
    private void Remove(string path)
    {
        if (!FolderRemover.Remove(disk, path, out var obstacle))
        {
            warn?.Invoke(Rules.LeftoverNotRemoved.At(
                $"cannot remove '{path}': {StorageError.Text(obstacle)}; it takes space only, the next build tries again"));
        }
    }

    private void WarnOfExchange()
    {
        if (Interlocked.Exchange(ref warnedOfExchange, 1) == 0)
        {
            warn?.Invoke(Rules.ExchangeUnsupported.At(
                $"the file system of data root '{root.FullPath}' cannot exchange folders atomically: a folder being replaced is absent for an instant; use ext4, xfs, btrfs or tmpfs if that matters"));
        }
    }

    private DataBuildException TakenOver(string what) => root.IsStillThere()
        ? new(Rules.DataRootTakenOver, $"another build has taken over data root '{root.FullPath}': {what} cannot go on; build again when it has ended")
        : NotThere();

    /// <summary>An unmounted disk is no million lost partitions.</summary>
    private DataBuildException NotThere() => new(
        Rules.DataRootWithoutMarker,
        $"data root '{root.FullPath}' is no longer the folder that this build began with: it was unmounted, moved or deleted; mount or restore it and build again");

    private static string RunIn(string folder, string runId) =>
        runId is "" or "." or ".." || runId.Contains('/', StringComparison.Ordinal)
            ? throw new ArgumentException($"'{runId}' is no run id.", nameof(runId))
            : Path.Join(folder, runId);
}
