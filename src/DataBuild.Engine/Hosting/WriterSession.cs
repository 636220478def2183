using DataBuild.Engine.Execution;
using DataBuild.Engine.Files;
using DataBuild.Engine.State;
using DataBuild.V1;

namespace DataBuild.Engine.Hosting;

/// <summary>
/// A log and its data root opened for writing, and everything cleared up that a dead engine left: its processes, its runs, what it was
/// publishing and the files of a rename.
/// </summary>
internal sealed class WriterSession : IDisposable
{
    private readonly LogSession log;
    private readonly DataRoot root;

    /// <param name="log">Disposed of with the session, also where this throws.</param>
    /// <param name="workspace">Where the data root is.</param>
    /// <param name="hashes">Saves reading large files again.</param>
    /// <param name="say">Told of warnings.</param>
    /// <param name="now">The clock.</param>
    /// <param name="claim">Take the data root over from a log that is lost.</param>
    /// <param name="durability">Of the outputs.</param>
    public WriterSession(
        LogSession log,
        Workspace workspace,
        FileHashCache hashes,
        Action<Diagnostic> say,
        Func<DateTimeOffset> now,
        bool claim = false,
        Files.Durability durability = Engine.Files.Durability.Full)
    {
        this.log = log;
        try
        {
            root = DataRoot.Open(workspace.DataRoot, log.LogId, create: true, expectExisting: State.LiveCount > 0, claim);
        }
        catch
        {
            log.Dispose();
            throw;
        }

        try
        {
            log.TakeTermAfter(root.LatestTerm());
            Store = new PartitionStore(root, log.Term, durability, hashes, say);
            Recover(now);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public Journal Journal => log.Journal;

    public BuildState State => log.State;

    public PartitionStore Store { get; } = null!;

    public DataRoot Root => root;

    public ulong Term => log.Term;

    /// <summary>By which processes of this engine's jobs are known.</summary>
    public string Marker => $"{log.LogId}:{log.Term}";

    public void SaveSnapshot(bool atEnd = true) => log.SaveSnapshot(atEnd);

    public void Dispose()
    {
        Store?.Dispose();
        root.Dispose();
        log.Dispose();
    }

    private void Recover(Func<DateTimeOffset> now)
    {
        // Runs of a cluster bear another mark and other machines' process ids: they go on, and whoever starts runs adopts them.
        var started = State.ActiveRuns.Where(run => run.Pid > 0 && !run.Outlives).Select(run => new StartedRun((int)run.Pid, run.PidStart, run.IdText));
        var strays = StrayProcesses.Kill(log.LogId + ":", [.. started], State.Time).ToLookup(stray => stray.RunId, StringComparer.Ordinal);
        Recovery.RecordLost(Journal, runId => strays[runId].Count(), now);
        Recovery.Publish(Journal, Store);
        RenamedFiles.Resume(Journal, root, now);
        Expiry.Finish(Journal, Store, now);
        Journal.Change.Clear();
    }
}
