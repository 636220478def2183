using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Log;
using DataBuild.Engine.Ports;
using DataBuild.Engine.Reconciling;
using DataBuild.Engine.State;
using DataBuild.V1;

namespace DataBuild.Engine.Hosting.Queries;

/// <summary>
/// A log, read only, for questions. Nothing else is opened: neither project nor data need exist, and a build may be writing it.
/// </summary>
public sealed class LogView : IDisposable
{
    private readonly SqliteBuildEventLog log;

    private readonly BuildState? folded;

    private LogView(LogPlace place, SqliteBuildEventLog log, BuildState? folded = null)
    {
        Place = place;
        this.log = log;
        this.folded = folded;
    }

    public LogPlace Place { get; }

    public IBuildEventLog Log => log;

    /// <summary>The path leads to another file now, or to none: a backup was restored, or the log was deleted.</summary>
    internal bool IsReplaced => log.Connection.HasMoved();

    public static LogView Open(LogPlace place) => new(place, SqliteBuildEventLog.OpenReader(place.Log));

    /// <summary>The fold to the log's end, from the snapshot where there is one.</summary>
    public BuildState Load() => folded ?? StateLoader.Load(log, new FileSnapshotStore(log), out _);

    /// <summary>The same log with a fold that somebody keeps. Not to be disposed of.</summary>
    internal LogView Folded(BuildState state) => new(Place, log, state);

    /// <summary>The fold to an earlier offset.</summary>
    public BuildState LoadUpTo(ulong offset)
    {
        ulong last = log.LastOffset;
        return offset >= 1 && offset <= last
            ? StateLoader.LoadUpTo(log, offset)
            : throw new DataBuildException(Rules.NoSuchOffset, $"there is no event {offset} in '{Place.Show(Place.Log)}'; it holds events 1 to {last}");
    }

    public LogStatus Describe(BuildState state) => new()
    {
        Path = Place.Show(Place.Log),
        Bytes = SizeOf(Place.Log) + SizeOf(Place.Log + "-wal"),
        Events = state.Offset,
        LastEvent = state.Offset == 0 ? null : Google.Protobuf.WellKnownTypes.Timestamp.FromDateTimeOffset(state.Time),
        LogId = log.LogId,
    };

    /// <summary>
    /// The decider, looking at some refs as their wants want them: at the moment of the last event, believing the log in everything.
    /// </summary>
    internal Reconciler Judge(BuildState state, IReadOnlyList<string> refs)
    {
        var zone = Zones.Of(state.Graph!);
        var options = new ReconcilerOptions { LogId = log.LogId, Observe = false, SessionStart = 0, WantIds = [], Refs = refs, InstantOf = wall => Zones.InstantOf(zone, wall) };
        return new Reconciler(state, options, new Moment(TimeZoneInfo.ConvertTime(state.Time, zone)));
    }

    public void Dispose() => log.Dispose();

    internal static long SizeOf(string path) => new FileInfo(path) is { Exists: true } file ? file.Length : 0;
}
