using System.IO.Hashing;
using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Log;
using DataBuild.Engine.State;
using DataBuild.V1;
using Google.Protobuf.WellKnownTypes;

namespace DataBuild.Engine.Hosting.Queries;

/// <summary>
/// Everything that can be checked of a log: pages, gap-free offsets and checks of all events; that each event may come where it
/// stands, by a replay from the first; and that the snapshot beside it is what the replay gives.
/// </summary>
public static class LogCheckQuery
{
    public static LogCheck Answer(LogPlace place)
    {
        var verified = LogVerification.Verify(place.Log);
        var check = new LogCheck { Good = verified.Events, Log = new LogStatus { Path = place.Show(place.Log) } };
        check.Findings.AddRange(verified.Findings.Select(Finding));
        if (check.Findings.Count > 0)
        {
            return check;
        }

        using var log = SqliteBuildEventLog.OpenReader(place.Log);
        var snapshot = SnapshotOf(log, check);
        Replay(log, check, snapshot);
        check.Log.LogId = log.LogId;
        check.Log.Events = check.Replayed;
        check.Log.Bytes = LogView.SizeOf(place.Log) + LogView.SizeOf(place.Log + "-wal");
        return check;
    }

    /// <summary>Throws unless every event of the log may come where it stands.</summary>
    public static void RequireLegal(string path)
    {
        using var log = SqliteBuildEventLog.OpenReader(path);
        var check = new LogCheck();
        Replay(log, check, null);
        if (check.Findings is [var first, ..])
        {
            throw new DataBuildException(Rules.BackupDamaged, $"'{path}' is whole, and its history is not a legal one: {first.Text}; nothing was replaced");
        }
    }

    private static (ulong Offset, UInt128 Hash)? SnapshotOf(SqliteBuildEventLog log, LogCheck check)
    {
        BuildState? state = null;
        ulong offset = 0;
        var ignored = new List<Diagnostic>();
        new FileSnapshotStore(log, ignored.Add).TryRead(StateSnapshot.Layout, log.LastOffset, (at, stream) => (offset, state) = (at, StateSnapshot.Read(stream)));

        // One that is not used does no harm; that it is not whole is worth saying here.
        check.Findings.AddRange(ignored.Select(Finding));
        return state is null ? null : (offset, HashOf(state));
    }

    private static void Replay(SqliteBuildEventLog log, LogCheck check, (ulong Offset, UInt128 Hash)? snapshot)
    {
        var state = new BuildState();
        foreach (var (offset, e) in log.Read(1))
        {
            try
            {
                state.Apply(offset, e);
            }
            catch (IllegalEventException illegal)
            {
                check.Findings.Add(Finding(Rules.IllegalHistory.At(
                    $"the event at offset {offset} of '{log.Path}' may not come there: {illegal.Message}; restore the log from a backup and please report this")));
                return;
            }

            check.Replayed++;
            check.Log ??= new LogStatus();
            check.Log.LastEvent = e.Timestamp ?? check.Log.LastEvent ?? new Timestamp();
            if (snapshot is var (at, hash) && at == offset)
            {
                check.Snapshot = offset;
                if (HashOf(state) != hash)
                {
                    check.Findings.Add(Finding(Rules.SnapshotDiffers.At(
                        $"the snapshot '{log.Path}.snapshot' of offset {offset} is not the state that the log gives; delete it, it is made anew, and please report this")));
                }
            }
        }
    }

    /// <summary>Refs in order of their names: equal states are then equal bytes.</summary>
    private static UInt128 HashOf(BuildState state)
    {
        var hash = new XxHash128();
        using (var stream = new HashStream(hash))
        {
            StateSnapshot.Write(state, stream, canonical: true);
        }

        return hash.GetCurrentHashAsUInt128();
    }

    private static LogFinding Finding(Diagnostic diagnostic) => new() { Code = diagnostic.Code, Text = diagnostic.Text };
}
