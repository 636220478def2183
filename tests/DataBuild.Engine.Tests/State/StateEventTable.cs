using System.Globalization;
using System.Text;
using DataBuild.Engine.State;
using DataBuild.V1;

namespace DataBuild.Engine.Tests.State;

/// <summary>
/// Every state of every entity and every kind of event: legal or refused, and by which rule. The page docs/states.md is made of
/// this table, and each cell is a test.
/// </summary>
internal static class StateEventTable
{
    /// <summary>A state: how the page calls it, what is true in it, and what brings an entity there.</summary>
    internal sealed record Row(string Entity, string State, string TrueInIt, Action<Story> Begin);

    /// <summary>An event about the entity of a row.</summary>
    internal sealed record Column(string Event, Func<Story, BuildEvent> Make);

    /// <summary>The rule that refuses it; empty where it is legal, with the state it leads to.</summary>
    internal sealed record Cell(string Rule, string Next);

    private static readonly Column[] runEvents =
    [
        new("run queued", story => story.Queue()),
        new("run started", story => story.Heartbeat()),
        new("run unknown", story => story.Unknown()),
        new("run succeeded", story => story.Succeed()),
        new("run failed", story => story.Fail()),
        new("run missed deps", story => story.Miss()),
        new("run canceled", story => new BuildEvent { JobRunCancel = new JobRunCancelEventV1 { RunId = story.RunId } }),
        new("run canceled, its refs held", story => new BuildEvent { JobRunCancel = new JobRunCancelEventV1 { RunId = story.RunId, Hold = true } }),
        new("run's cancel asked", story => new BuildEvent { JobRunCancel = new JobRunCancelEventV1 { RunId = story.RunId, Asked = true, Cause = "by hand" } }),
        new("run lost with what it was placed on", story => story.Lose()),
        new("run lost with its engine", story => new BuildEvent { JobRunLost = new JobRunLostEventV1 { RunId = story.RunId } }),
    ];

    private static readonly Column[] refEvents =
    [
        .. runEvents,
        new("observed present", story => story.Observe(Presence.Present)),
        new("observed absent", story => story.Observe(Presence.Absent)),
        new("observed nothing", story => story.Observe(Presence.Unspecified)),
        new("taint made", story => story.Taint("t1")),
        new("taint lifted", story => new BuildEvent { TaintCancel = new TaintCancelEventV1 { TaintId = "t1" } }),
        new("retry asked", _ => new BuildEvent { RetryRequest = new RetryRequestEventV1 { Refs = { Story.Ref } } }),
        new("accepted", story => story.Accept()),
        new("adopted", story => story.Adopt()),
        new("retention expired", story => story.Expire("e1")),
    ];

    private static readonly Column[] renameEvents =
    [
        new("rename made", story => story.Rename("r1")),
        new("rename goes on", _ => new BuildEvent { Rename = new RenameEventV1 { RenameId = "r2", Resumes = "r1" } }),
        new("rename ended", _ => new BuildEvent { RenameEnd = new RenameEndEventV1 { RenameId = "r1" } }),
        new("run queued", story => story.Queue()),
    ];

    private static readonly Column[] expiryEvents =
    [
        new("retention expired", story => story.Expire("e1")),
        new("expiry goes on", _ => new BuildEvent { RetentionExpire = new RetentionExpireEventV1 { ExpiryId = "e2", Resumes = "e1" } }),
        new("expired files removed", _ => Story.ExpireEnd("e1")),
        new("run queued", story => story.Queue()),
        new("adopted", story => story.Adopt()),
        new("rename made", story => story.Rename("r1")),
    ];

    private static readonly Column[] wantEvents =
    [
        new("want made", story => story.Want("w")),
        new("standing wants registered with it", story => story.Standing("w")),
        new("standing wants registered without it", story => story.Standing("other")),
        new("want cancelled", _ => new BuildEvent { WantCancel = new WantCancelEventV1 { WantId = "w" } }),
        new("want ended", _ => new BuildEvent { WantEnd = new WantEndEventV1 { WantId = "w", State = WantEndState.Successful } }),
        new("instants passed for it", _ => Story.TimePassed("w")),
    ];

    private static readonly Column[] taintEvents =
    [
        new("taint made", story => story.Taint("t1")),
        new("taint lifted", _ => new BuildEvent { TaintCancel = new TaintCancelEventV1 { TaintId = "t1" } }),
        new("taint lifted from a ref", _ => new BuildEvent { TaintCancel = new TaintCancelEventV1 { TaintId = "t1", Partitions = new PartitionSet { Expressions = { Story.Ref } } } }),
        new("what it marks is accepted", story => story.Accept()),
        new("a run publishes what it marks", story => story.Rebuilt()),
        new("what it marks is observed absent", story => story.Observe(Presence.Absent)),
    ];

    private static readonly Column[] jobEvents =
    [
        new("a run of it makes something", story => story.Rebuilt()),
        new("a run of it fails", story => story.FailedAgain()),
        new("job quarantined", _ => Story.Quarantine("a")),
        new("retry asked for it", _ => new BuildEvent { RetryRequest = new RetryRequestEventV1 { Jobs = { "a" } } }),
        new("another version of it is registered", story => story.OtherVersion()),
    ];

    public static IReadOnlyList<(string Entity, Row[] Rows, Column[] Columns)> All { get; } =
    [
        ("Run",
        [
            new("Run", "None", "No event names it, or it has ended: what ended is in the log, and in what it left on its refs.", _ => { }),
            new("Run", "Queued", "It is intended, and that is stored; nothing may have been started. Its refs are being built and its inputs pinned.", story => story.Apply(story.Queue())),
            new("Run", "Running", "Its process was seen.", story => story.Apply(story.Queue(), story.Heartbeat())),
            new("Run", "Unknown", "Its executor, which outlives engines, can tell nothing of it at present: neither that it lives nor that it ended. Its refs are being built as before; if that lasts, it is lost.", story => story.Apply(story.Queue(), story.Unknown())),
            new("Run", "Succeeded", "Ended: every ref of it is done.", story => story.Apply(story.Queue(), story.Succeed())),
            new("Run", "Failed", "Ended: at least one ref of it failed.", story => story.Apply(story.Queue(), story.Fail())),
            new("Run", "MissedDeps", "Ended: no ref of it failed, at least one lacks an input.", story => story.Apply(story.Queue(), story.Miss())),
            new("Run", "Canceled", "Ended because it was asked to; its refs are as before.", story => story.Apply(story.Queue(), new BuildEvent { JobRunCancel = new JobRunCancelEventV1 { RunId = story.RunId } })),
            new("Run", "Lost", "It has no result: its engine died before it ended, and its refs are as before; or it went with what it was placed on, and its refs failed by fault of the infrastructure. What it still writes is never looked at.", story => story.Apply(story.Queue(), new BuildEvent { JobRunLost = new JobRunLostEventV1 { RunId = story.RunId } })),
        ], runEvents),
        ("Ref",
        [
            new("Ref", "Absent", "It has no live instance, and nothing is under way for it.", _ => { }),
            new("Ref", "Building", "A run for it is queued or running; if it had a live instance, that one is still in use.", story => story.Apply(story.Queue())),
            new("Ref", "Live", "Its newest published instance is there and trusted. Whether it is Stale or Suspect follows from what it read and from its job as they are now.", story => story.Publish()),
            new("Ref", "Tainted", "It is live and carries a mark: do not trust this.", story => story.Publish().Apply(story.Taint("t1"))),
            new("Ref", "Changed", "It is live, and its files are not those that were published; they are kept until it is accepted or tainted.", story => story.Publish().Apply(story.Observe(Presence.Present))),
            new("Ref", "Lost", "It was live and its files were found missing; what it read is remembered.", story => story.Publish().Apply(story.Observe(Presence.Absent))),
            new("Ref", "Expired", "It was live, its retention passed and its files were removed; what it read is remembered.", story => story.Publish().Apply(story.Expire("e1")).Apply(Story.ExpireEnd("e1"))),
            new("Ref", "Adopted", "It is live, and its files are not what a run left: no retention removes them.", story => story.Apply(story.Adopt())),
            new("Ref", "Failed", "Its last run failed. Waiting, Ready, Failed and UpstreamFailed follow from this, from what it needs and from the time.", story => story.Apply(story.Queue(), story.Fail())),
            new("Ref", "Missed", "Its last run lacked inputs, which it waits for.", story => story.Apply(story.Queue(), story.Miss())),
            new("Ref", "Held", "Its last run was cancelled by name; it is not run again in that session until a retry is asked, and is as before to any later one.", story => story.Apply(story.Queue(), new BuildEvent { JobRunCancel = new JobRunCancelEventV1 { RunId = story.RunId, Hold = true } })),
            new("Ref", "Source", "It was seen and is there; nothing makes it.", story => story.AsSource()),
            new("Ref", "Pinned", "It is live, and a run under way reads it: it may not be replaced until that ends.", story => story.Publish().Apply(story.QueueReader())),
        ], refEvents),
        ("Want",
        [
            new("Want", "Unknown", "No event names it, or it has ended and nothing refers to it any more.", _ => { }),
            new("Want", "Active", "Its partitions are to exist. Building, UpstreamBuilding, Idle, Failed, UpstreamFailed, Expired and Successful follow from where its refs stand.", story => story.Apply(story.Want("w"))),
            new("Want", "Standing", "As Active; it comes from the project and does not end by itself.", story => story.Apply(story.Standing("w"))),
            new("Want", "Ended", "It ended by itself. It is kept while a child want or a run under way refers to it.", story => story.Apply(story.Want("w"), story.Queue(), new BuildEvent { WantEnd = new WantEndEventV1 { WantId = "w", State = WantEndState.Failed } })),
            new("Want", "Canceled", "It is no longer wanted, and no registration that still declares it changes that.", story => story.Apply(story.Standing("w"), new BuildEvent { WantCancel = new WantCancelEventV1 { WantId = "w" } })),
        ], wantEvents),
        ("Taint",
        [
            new("Taint", "None", "No live instance carries it: it was never made, was lifted, or what it marked is gone.", story => story.Publish()),
            new("Taint", "InForce", "At least one live instance carries it.", story => story.Publish().Apply(story.Taint("t1"))),
        ], taintEvents),
        ("Job",
        [
            new("Job", "InUse", "Its runs are started as its refs and the limits say.", story => story.Publish()),
            new("Job", "Failing", "So many of its runs in a row failed by its own fault and made nothing.", story => story.Apply(story.FailedAgain())),
            new("Job", "Quarantined", "Too many did: none is started until it is another version, or a retry asks for it.", story => story.Apply(story.FailedAgain(), Story.Quarantine("a"))),
        ], jobEvents),
        ("Expiry",
        [
            new("Expiry", "None", "No file of an expired partition is in the data root.", story => story.Publish()),
            new("Expiry", "UnderWay", "Partitions have expired and their files may still be there. Nothing may be made before its end.", story => story.Publish().Apply(story.Expire("e1"))),
        ], expiryEvents),
        ("Rename",
        [
            new("Rename", "None", "Each partition's files are where its name says.", story => story.Publish()),
            new("Rename", "UnderWay", "Refs have their new names; their files may still be at the old ones. Nothing may run before its end.", story => story.Publish().Apply(story.Rename("r1"))),
        ], renameEvents),
    ];

    /// <summary>Tries the event in the state: what refuses it, and that nothing changed then; or what is true after it.</summary>
    public static Cell Try(Row row, Column column)
    {
        var story = new Story();
        row.Begin(story);
        var e = column.Make(story);
        byte[] before = story.Bytes();
        try
        {
            story.State.Apply(story.State.Offset + 1, e);
        }
        catch (IllegalEventException refused)
        {
            Assert.Equal(before, story.Bytes());
            return new Cell(refused.Rule, "");
        }

        Assert.NotEqual(before, story.Bytes());
        return new Cell("", story.StateOf(row.Entity));
    }

    public static string Page()
    {
        var page = new StringBuilder();
        page.Append("# States\n\n");
        page.Append("What each entity of the build event log can be, what is true in it, and which event may come next. Made from the table that\n");
        page.Append("`StateEventTests` tries cell by cell (`DATABUILD_ACCEPT=1 dotnet test --filter StateEventTests` writes it anew): each cell is the test\n");
        page.Append("`StateEventTests.Each_event_in_each_state(entity, state, event)`. A cell shows the state that the event leads to, or the rule by which\n");
        page.Append("it is refused; a refused event changes nothing.\n\n");
        page.Append("Waiting, Ready, Stale, Suspect, UpstreamFailed and the states of wants are not stored: the reconciler derives them from these, the\n");
        page.Append("graph and the time, and the tests of `Reconciling` hold it to what is true in them.\n");
        foreach (var (entity, rows, columns) in All)
        {
            page.Append(CultureInfo.InvariantCulture, $"\n## {entity}\n\n| state | true in it |\n| --- | --- |\n");
            foreach (var row in rows)
            {
                page.Append(CultureInfo.InvariantCulture, $"| {row.State} | {row.TrueInIt} |\n");
            }

            page.Append(CultureInfo.InvariantCulture, $"\n| event | {string.Join(" | ", rows.Select(row => row.State))} |\n| --- |{string.Concat(rows.Select(_ => " --- |"))}\n");
            foreach (var column in columns)
            {
                var cells = rows.Select(row => Try(row, column)).Select(cell => cell.Rule.Length > 0 ? $"*{cell.Rule}*" : $"-> {cell.Next}");
                page.Append(CultureInfo.InvariantCulture, $"| {column.Event} | {string.Join(" | ", cells)} |\n");
            }
        }

        return page.ToString();
    }
}
