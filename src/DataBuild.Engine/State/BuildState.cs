using DataBuild.Engine.Graph;
using DataBuild.V1;

namespace DataBuild.Engine.State;

/// <summary>
/// The fold over the build event log: the only truth. <c>Apply</c> is its one mutator; it reads no clock, no randomness,
/// no file, so that a replay gives the same state.
/// </summary>
public sealed partial class BuildState
{
    private RefFacts[] facts = new RefFacts[64];
    private readonly Dictionary<int, Trouble> troubles = [];
    private readonly Dictionary<int, FileReadFact[]> fileReads = [];
    private readonly Dictionary<int, Observation> changes = [];
    private readonly Dictionary<int, int> pins = [];

    /// <summary>Number of the ref of every fact.</summary>
    public RefTable Refs { get; } = new();

    /// <summary>Offset of the last event applied.</summary>
    public ulong Offset { get; private set; }

    /// <summary>When the last event was written.</summary>
    public DateTimeOffset Time { get; private set; }

    /// <summary>How many refs are live partitions; sources are not counted.</summary>
    public int LiveCount { get; private set; }

    /// <summary>Every ref whose last outcome was a failure or a miss.</summary>
    public IReadOnlyDictionary<int, Trouble> Troubles => troubles;

    /// <summary>What the log says of a ref; all defaults for one it never named.</summary>
    public RefFacts this[int id] => id < facts.Length ? facts[id] : default;

    public Trouble? TroubleOf(int id) => troubles.GetValueOrDefault(id);

    public IReadOnlyList<FileReadFact> FileReadsOf(int id) => fileReads.GetValueOrDefault(id) ?? [];

    /// <summary>What was seen of a live partition whose files somebody else changed.</summary>
    public Observation? ChangeOf(int id) => changes.GetValueOrDefault(id);

    /// <summary>Which refs are live by which run: what recovery asks of each run that was being published.</summary>
    public Func<string, IReadOnlyList<string>> LiveRefsByRun()
    {
        Dictionary<Guid, List<string>>? byRun = null;
        return runId =>
        {
            if (byRun is null)
            {
                byRun = [];
                for (int id = 0; id < Refs.Count; id++)
                {
                    if (this[id] is { IsLive: true, IsSource: false } live)
                    {
                        if (!byRun.TryGetValue(live.LiveRun, out var refs))
                        {
                            byRun.Add(live.LiveRun, refs = []);
                        }

                        refs.Add(Refs[id]);
                    }
                }
            }

            return Guid.TryParse(runId, out var run) ? byRun.GetValueOrDefault(run) ?? [] : [];
        };
    }

    /// <summary>A run under way reads the live instance: it may not be replaced now.</summary>
    public bool IsPinned(int id) => pins.ContainsKey(id);

    /// <summary>
    /// Applies the next event, or throws <see cref="IllegalEventException"/> and changes nothing if it may not come next.
    /// </summary>
    public void Apply(ulong offset, BuildEvent stored, StateChange? change = null)
    {
        if (offset != Offset + 1)
        {
            throw new IllegalEventException("offsets-have-no-gap", $"event {offset} after event {Offset}");
        }

        if (EventShape.Problem(stored) is { } problem)
        {
            throw new IllegalEventException("an-event-is-whole", $"event {offset} has {problem}");
        }

        var time = stored.Timestamp?.ToDateTimeOffset() ?? Time;
        var context = new Applying(offset, time, change ?? new StateChange());
        switch (stored.EventCase)
        {
            case BuildEvent.EventOneofCase.JobRunQueue: Apply(stored.JobRunQueue, context); break;
            case BuildEvent.EventOneofCase.JobRunHeartbeat: Apply(stored.JobRunHeartbeat, context); break;
            case BuildEvent.EventOneofCase.JobRunSuccess: Apply(stored.JobRunSuccess, context); break;
            case BuildEvent.EventOneofCase.JobRunFailure: Apply(stored.JobRunFailure, context); break;
            case BuildEvent.EventOneofCase.JobRunMissingDeps: Apply(stored.JobRunMissingDeps, context); break;
            case BuildEvent.EventOneofCase.JobRunCancel: Apply(stored.JobRunCancel, context); break;
            case BuildEvent.EventOneofCase.JobRunLost: Apply(stored.JobRunLost, context); break;
            case BuildEvent.EventOneofCase.JobRunUnknown: Apply(stored.JobRunUnknown, context); break;
            case BuildEvent.EventOneofCase.WantCreate: Apply(stored.WantCreate, context); break;
            case BuildEvent.EventOneofCase.WantCancel: Apply(stored.WantCancel, context); break;
            case BuildEvent.EventOneofCase.WantEnd: Apply(stored.WantEnd, context); break;
            case BuildEvent.EventOneofCase.WantTime: Apply(stored.WantTime, context); break;
            case BuildEvent.EventOneofCase.WantRegister: Apply(stored.WantRegister, context); break;
            case BuildEvent.EventOneofCase.TaintCreate: Apply(stored.TaintCreate, context); break;
            case BuildEvent.EventOneofCase.TaintCancel: Apply(stored.TaintCancel, context); break;
            case BuildEvent.EventOneofCase.GraphRegister: Apply(stored.GraphRegister, context); break;
            case BuildEvent.EventOneofCase.Observe: Apply(stored.Observe, context); break;
            case BuildEvent.EventOneofCase.JobQuarantine: Apply(stored.JobQuarantine, context); break;
            case BuildEvent.EventOneofCase.RetryRequest: Apply(stored.RetryRequest, context); break;
            case BuildEvent.EventOneofCase.Accept: Apply(stored.Accept, context); break;
            case BuildEvent.EventOneofCase.Adopt: Apply(stored.Adopt, context); break;
            case BuildEvent.EventOneofCase.Rename: Apply(stored.Rename, context); break;
            case BuildEvent.EventOneofCase.RenameEnd: Apply(stored.RenameEnd, context); break;
            case BuildEvent.EventOneofCase.RetentionExpire: Apply(stored.RetentionExpire, context); break;
            case BuildEvent.EventOneofCase.RetentionExpireEnd: Apply(stored.RetentionExpireEnd); break;
            default: throw new IllegalEventException("events-are-known", $"event {offset} is of a kind this version does not know");
        }

        Offset = offset;
        Time = time;
    }

    /// <summary>Where an event stands and whom it changes.</summary>
    private readonly record struct Applying(ulong Offset, DateTimeOffset Time, StateChange Change);

    private ref RefFacts FactsOf(int id)
    {
        if (id >= facts.Length)
        {
            Array.Resize(ref facts, Math.Max(id + 1, facts.Length * 2));
        }

        return ref facts[id];
    }

    private int Touch(string @ref, in Applying context)
    {
        int id = Refs.Intern(@ref);
        context.Change.Refs.Add(id);
        return id;
    }

    private static void Require(bool holds, string rule, string text)
    {
        if (!holds)
        {
            throw new IllegalEventException(rule, text);
        }
    }
}
