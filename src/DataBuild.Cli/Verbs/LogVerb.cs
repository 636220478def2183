using DataBuild.Cli.Output;
using DataBuild.Engine.Hosting.Queries;
using DataBuild.Engine.Ports;
using DataBuild.V1;
using Google.Protobuf;

namespace DataBuild.Cli.Verbs;

/// <summary>`log`: events, one a line.</summary>
internal sealed class LogVerb(bool json, bool full)
{
    /// <summary>Most elements of a list that JSON shows of one event.</summary>
    private const int MostElements = 100;

    public static EventFilter Filter(string[]? refs, string[]? jobs, string[]? runs, string[]? wants) => new()
    {
        Refs = OrNull(refs),
        Jobs = OrNull(jobs),
        RunIds = OrNull(runs),
        WantIds = OrNull(wants),
    };

    public int Run(LogPlace place, ulong since, int limit, EventFilter filter)
    {
        using var view = LogView.Open(place);
        return Show(view.Log.LastOffset, view.Log.Read(since, filter, limit));
    }

    /// <param name="last">The log's last event.</param>
    /// <param name="events">What is shown.</param>
    public int Show(ulong last, IEnumerable<StoredEvent> events)
    {
        using var page = json ? Page.Plain() : Page.Stdout();
        foreach (var (offset, e) in events)
        {
            Show(page, offset, e, Say.Plain(last).Length);
        }

        return ExitCodes.Success;
    }

    /// <summary>Events as they come, each as soon as it is there.</summary>
    public void Show(IEnumerable<StoredEvent> events, Func<ulong> last)
    {
        using var page = json ? Page.Plain() : Page.Stdout();
        foreach (var (offset, e) in events)
        {
            Show(page, offset, e, Say.Plain(last()).Length);
            page.Flush();
        }
    }

    /// <summary>Events as they are appended, from an offset on or, without one, only new ones, until it is asked to stop.</summary>
    public int Follow(LogPlace place, ulong? since, int limit, EventFilter filter, CancellationToken stop)
    {
        using var view = LogView.Open(place);
        using var page = json ? Page.Plain() : Page.Stdout();
        using var follower = new LogFollower(view);
        ulong last = view.Log.LastOffset;
        foreach (var (offset, e) in follower.Follow(since ?? last + 1, filter, page.Flush, stop).Take(limit))
        {
            Show(page, offset, e, Say.Plain(last).Length);
        }

        return stop.IsCancellationRequested ? ExitCodes.Canceled : ExitCodes.Success;
    }

    private void Show(Page page, ulong offset, BuildEvent e, int width)
    {
        if (json)
        {
            page.Line(JsonFormatter.Default.Format(EventCut.Of(offset, e, full ? int.MaxValue : MostElements)));
            return;
        }

        var (kind, text) = EventWords.Of(e, full);
        string time = e.Timestamp is { } when ? Say.Time(when) : "";
        page.Line(new Word(Say.Plain(offset).PadLeft(width), Tone.Dim), "  ", new Word(time.PadRight(20), Tone.Dim), "  ", new Word(kind.PadRight(18), ToneOf(kind)), "  ", text);
    }

    private static string[]? OrNull(string[]? list) => list is { Length: > 0 } ? list : null;

    private static Tone ToneOf(string kind) => kind switch
    {
        "run succeeded" => Tone.Good,
        "run failed" or "run lost" => Tone.Bad,
        "tainted" or "run canceled" => Tone.Warning,
        _ => Tone.Plain,
    };
}
