using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Log;
using DataBuild.Engine.State;
using DataBuild.V1;

namespace DataBuild.Engine.Hosting;

/// <summary>A log opened for writing, folded, under a lease that ends with it. Data is not touched.</summary>
internal sealed class LogSession : IDisposable
{
    private readonly Lease lease;
    private readonly SqliteBuildEventLog log;
    private readonly FileSnapshotStore snapshots;
    private readonly Action<Diagnostic> say;
    private ulong sinceSnapshot;
    private long storedThen;

    /// <param name="lease">The session's from here on, also where this throws.</param>
    /// <param name="say">Told of warnings.</param>
    /// <param name="environment">The environment that the log has to be of; null where nobody says.</param>
    /// <param name="durability">Of what is appended.</param>
    public LogSession(Lease lease, Action<Diagnostic> say, string? environment = null, Log.Durability durability = Engine.Log.Durability.Full)
    {
        this.lease = lease;
        this.say = say;
        try
        {
            if (environment is not null)
            {
                EnvironmentMark.Claim(lease.LogPath, environment);
            }

            log = SqliteBuildEventLog.OpenWriter(new LogOptions { Path = lease.LogPath, Lease = lease, Durability = durability });
        }
        catch
        {
            lease.Dispose();
            throw;
        }

        try
        {
            snapshots = new FileSnapshotStore(log, say);
            Journal = new Journal(log, StateLoader.Load(log, snapshots, out sinceSnapshot));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public Journal Journal { get; }

    public BuildState State => Journal.State;

    public string LogId => log.LogId;

    public ulong Term => log.Term;

    /// <summary>A later term than one that the data root has seen: the log is older than its data, having lost its newest events or come back from a backup.</summary>
    public void TakeTermAfter(ulong seen)
    {
        if (seen >= log.Term)
        {
            log.TakeTermAfter(seen);
        }
    }

    /// <summary>
    /// Makes a snapshot where enough came after the last one: at the end of a session a fixed number of events; within one as many as there
    /// are refs, so that its cost stays small beside that of the events. One that cannot be written costs the next start a replay, and this session nothing.
    /// </summary>
    public void SaveSnapshot(bool atEnd = true)
    {
        ulong events = sinceSnapshot + (ulong)(Journal.Stored - storedThen);
        if (events < Math.Max(StateLoader.SnapshotInterval, atEnd ? 0 : (ulong)State.Refs.Count))
        {
            return;
        }

        (sinceSnapshot, storedThen) = (0, Journal.Stored);
        try
        {
            snapshots.Write(StateSnapshot.Layout, State.Offset, stream => StateSnapshot.Write(State, stream));
        }
        catch (DataBuildException e) when (e.Rule.Severity == Severity.Warning)
        {
            say(e.ToDiagnostic());
        }
    }

    public void Dispose()
    {
        log.Dispose();
        lease.Dispose();
    }
}
