using DataBuild.Engine.Hosting.Queries;
using DataBuild.Engine.State;
using DataBuild.V1;

namespace DataBuild.Service.Methods;

/// <summary>The state of all refs, wants and runs at one event, small enough to be kept while it is sent: the names are the fold's own.</summary>
internal sealed class Snapshot
{
    private const int PieceOf = 1_000;

    private readonly List<Entry> entries = [];
    private readonly List<WantStatus> wants = [];
    private readonly List<RunStatus> runs = [];

    public required ulong Offset { get; init; }

    public required string LogId { get; init; }

    /// <summary>A copy of what the fold knows.</summary>
    public static Snapshot Of(LogView view)
    {
        var state = view.Load();
        var snapshot = new Snapshot { Offset = state.Offset, LogId = view.Log.LogId };
        for (int id = 0; id < state.Refs.Count; id++)
        {
            var facts = state[id];
            bool failed = state.TroubleOf(id) is { IsFinal: true };
            if (facts.Flags != RefFlags.None || facts.IsBuilding || failed)
            {
                snapshot.entries.Add(new Entry(state.Refs[id], facts.Flags, facts.IsBuilding, failed, facts.IsLive ? facts.Offset : 0));
            }
        }

        snapshot.wants.AddRange(FoldRows.Wants(state));
        snapshot.runs.AddRange(FoldRows.Runs(state));
        return snapshot;
    }

    public IEnumerable<SnapshotPiece> Pieces()
    {
        foreach (var chunk in entries.Chunk(PieceOf))
        {
            yield return new SnapshotPiece { Refs = { chunk.Select(entry => entry.Row()) } };
        }

        foreach (var chunk in wants.Chunk(PieceOf))
        {
            yield return new SnapshotPiece { Wants = { chunk } };
        }

        foreach (var chunk in runs.Chunk(PieceOf))
        {
            yield return new SnapshotPiece { Runs = { chunk } };
        }
    }

    private readonly record struct Entry(string Ref, RefFlags Flags, bool Building, bool Failed, ulong PublishedAt)
    {
        public SnapshotRef Row() => new()
        {
            Ref = Ref,
            Live = Flags.HasFlag(RefFlags.Live),
            Source = Flags.HasFlag(RefFlags.Source),
            Changed = Flags.HasFlag(RefFlags.Changed),
            Tainted = Flags.HasFlag(RefFlags.Tainted),
            Lost = Flags.HasFlag(RefFlags.Lost),
            Expired = Flags.HasFlag(RefFlags.Expired),
            Building = Building,
            Failed = Failed,
            PublishedAt = PublishedAt,
        };
    }
}
