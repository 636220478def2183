using System.Text;
using DataBuild.Engine.Execution.Native;

namespace DataBuild.Engine.Execution.Slurm;

/// <summary>
/// The folder that engine and jobs share, and the only thing that is believed: <c>runs</c> are handed over or about to be, <c>batches</c>
/// say which run each of Slurm's jobs is, <c>ended</c> holds exit files, <c>done</c> what was taken in and is kept for a while, in case
/// the engine dies before it has logged it.
/// </summary>
internal sealed class ExchangeFolder(string path)
{
    private const int MostRemoved = 200;

    private readonly string _runs = System.IO.Path.Join(path, "runs");
    private readonly string _batches = System.IO.Path.Join(path, "batches");
    private readonly string _ended = System.IO.Path.Join(path, "ended");
    private readonly string _done = System.IO.Path.Join(path, "done");

    public string Path => path;

    public RunFiles Run(string runId) => new(System.IO.Path.Join(_runs, runId));

    public RunFiles Done(string runId) => new(System.IO.Path.Join(_done, runId));

    public string ExitFile(string runId) => System.IO.Path.Join(_ended, runId);

    public void Make()
    {
        foreach (var folder in new[] { _runs, _batches, _ended, _done })
        {
            Directory.CreateDirectory(folder);
        }
    }

    /// <summary>A folder to prepare a run in; <see cref="Place"/> makes it the run's, complete or not at all.</summary>
    public RunFiles Draft()
    {
        var folder = System.IO.Path.Join(_runs, "." + Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(folder);
        return new RunFiles(folder);
    }

    /// <summary>Makes a prepared folder the run's. Where an engine before has done so, what it prepared counts, and the draft goes.</summary>
    public void Place(RunFiles draft, string runId)
    {
        try
        {
            Directory.Move(draft.Folder, Run(runId).Folder);
        }
        catch (IOException) when (Directory.Exists(Run(runId).Folder))
        {
            Directory.Delete(draft.Folder, recursive: true);
        }
    }

    /// <summary>
    /// Takes the run, so that no copy of its job can ever begin. False if somebody has it: then it began, or an engine had taken it.
    /// </summary>
    /// <exception cref="IOException">It cannot be told.</exception>
    public unsafe bool TryClaim(string runId)
    {
        var files = Run(runId);
        using var native = new NativeStrings();
        native.Add(files.Claim);
        if (Libc.MakeDirectory(native[0], 0x1FF) == 0)
        {
            File.WriteAllText(files.Engine, "");
            return true;
        }

        return Libc.Errno is Libc.Exists or Libc.NoSuchEntry ? false : throw new IOException($"mkdir '{files.Claim}': {Libc.Describe(Libc.Errno)}");
    }

    /// <summary>Writes the manifest, and makes it and all that was prepared before it durable: Slurm must never know a batch that we don't.</summary>
    public void Write(Manifest manifest)
    {
        var file = System.IO.Path.Join(_batches, manifest.BatchId);
        File.WriteAllText(file + ".part", manifest.Text, new UTF8Encoding(false));
        File.Move(file + ".part", file);
        using var handle = File.OpenHandle(file);
        if (Libc.SyncFileSystem((int)handle.DangerousGetHandle()) != 0)
        {
            throw new IOException($"syncfs '{file}': {Libc.Describe(Libc.Errno)}");
        }
    }

    public void RemoveManifest(string batchId) => File.Delete(System.IO.Path.Join(_batches, batchId));

    /// <summary>Every batch that was handed over, or was about to be.</summary>
    public List<Manifest> Manifests() =>
        [.. Directory.EnumerateFiles(_batches).Where(file => !file.EndsWith(".part", StringComparison.Ordinal))
            .Select(file => Manifest.Parse(System.IO.Path.GetFileName(file), File.ReadAllText(file))).OfType<Manifest>()];

    /// <summary>Ids of the runs with an exit file.</summary>
    public List<string> Ended() => [.. Directory.EnumerateFiles(_ended).Select(file => System.IO.Path.GetFileName(file))];

    /// <summary>A change of its own makes a network file system's client look at the folder anew.</summary>
    public void Refresh()
    {
        var probe = System.IO.Path.Join(_ended, "." + Guid.NewGuid().ToString("N"));
        File.WriteAllText(probe, "");
        File.Delete(probe);
    }

    /// <summary>
    /// The run's end was taken in. Renamed first, so that no late copy of its job finds a folder to claim; removed only later, so that
    /// whoever comes after an engine that dies before it has logged the end finds it.
    /// </summary>
    public void Retire(string runId)
    {
        var (files, done) = (Run(runId), Done(runId));
        if (!Directory.Exists(files.Folder) || Directory.Exists(done.Folder))
        {
            return;
        }

        if (File.Exists(ExitFile(runId)))
        {
            File.Move(ExitFile(runId), files.Exit, overwrite: true);
        }

        Directory.SetLastWriteTimeUtc(files.Folder, DateTime.UtcNow);
        Directory.Move(files.Folder, done.Folder);
    }

    /// <summary>Removes some of what is older than <paramref name="age"/> and is no run's of now.</summary>
    public void Sweep(TimeSpan age, Func<string, bool> isRun, Func<string, bool> isBatch)
    {
        var before = DateTime.UtcNow - age;
        foreach (var folder in new DirectoryInfo(_done).EnumerateDirectories().Where(one => one.LastWriteTimeUtc < before).Take(MostRemoved))
        {
            folder.Delete(recursive: true);
        }

        // A run that no engine has asked for since: its end was logged without it, as lost. A day, since an engine may be long in coming.
        var longBefore = before - TimeSpan.FromDays(1);
        foreach (var folder in new DirectoryInfo(_runs).EnumerateDirectories().Where(one => one.LastWriteTimeUtc < longBefore && !isRun(one.Name)).Take(MostRemoved))
        {
            Retire(folder.Name);
        }

        foreach (var file in new DirectoryInfo(_ended).EnumerateFiles().Where(one => one.LastWriteTimeUtc < longBefore && !isRun(one.Name)).Take(MostRemoved))
        {
            file.Delete();
        }

        foreach (var file in new DirectoryInfo(_batches).EnumerateFiles().Where(one => one.LastWriteTimeUtc < longBefore && !isBatch(one.Name)).Take(MostRemoved))
        {
            file.Delete();
        }
    }
}
