using System.Collections.Concurrent;
using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Ports;
using DataBuild.Engine.State;
using DataBuild.V1;

namespace DataBuild.Engine.Hosting;

/// <summary>
/// Receives what executors report, on their threads, and hands it to the loop's. What can be done for a run alone is done here,
/// so that the loop doesn't wait for it: looking at its output, hashing it, moving it to where it is published from.
/// </summary>
/// <param name="store">Where runs leave their outputs.</param>
/// <param name="projectFolder">Full path; what jobs read beside partitions is named relative to it.</param>
/// <param name="idle">What happens while the loop waits, in place of time that passes: for who simulates it.</param>
internal sealed class RunInbox(IPartitionStore store, string projectFolder, Action<TimeSpan>? idle = null) : IRunSink, IDisposable
{
    private readonly BlockingCollection<RunNotice> notices = [];
    private readonly ConcurrentDictionary<string, IReadOnlyList<string>> refsOfRun = new(StringComparer.Ordinal);

    public void Expect(string runId, IReadOnlyList<string> refs) => refsOfRun[runId] = refs;

    /// <summary>The run has ended, whatever is reported of it from here on.</summary>
    /// <returns>Null if it has been reported before; else the report in place of any other.</returns>
    public RunNotice? Lose(RunReturn lost) =>
        refsOfRun.TryRemove(lost.RunId, out var refs) ? new RunNotice { RunId = lost.RunId, Return = lost, Staged = Nothing(refs) } : null;

    public void Started(string runId, JobRunHeartbeatEventV1 heartbeat) => notices.Add(new RunNotice { RunId = runId, Heartbeat = heartbeat });

    public void Unknown(string runId, string cause) => notices.Add(new RunNotice { RunId = runId, UnknownCause = cause });

    public void Progressed(string runId, Progress progress) => notices.Add(new RunNotice { RunId = runId, Progress = progress });

    public void Ended(RunReturn result)
    {
        if (!refsOfRun.TryRemove(result.RunId, out var refs))
        {
            // Reported before: the first report is what counts.
            return;
        }

        var notice = new RunNotice { RunId = result.RunId, Return = result };
        if (result.Ending == RunEnding.Lost)
        {
            // It may still write: what it left is never looked at.
            notices.Add(notice with { Staged = Nothing(refs) });
            return;
        }

        try
        {
            notice = notice with
            {
                Staged = store.Inspect(result.RunId, refs),
                FileReads = LookAt(result.Messages),
            };
            store.Prepare(result.RunId);
        }
        catch (DataBuildException e)
        {
            // What it left cannot be taken: its own fault, or the disk's. The run fails with that, the engine goes on.
            notice = notice with
            {
                Return = e.Rule.IsOfDisk()
                    ? result with { Untaken = e.ToDiagnostic() }
                    : result with { Diagnostics = [.. result.Diagnostics, e.ToDiagnostic()] },
                Staged = Nothing(refs),
            };
        }

        notices.Add(notice);
    }

    public void Asked(Live.PendingCommand command) => notices.Add(new RunNotice { RunId = "", Command = command });

    /// <summary>Has something done on the loop's thread, between two turns.</summary>
    public void Post(Action<IJobExecutor> work) => notices.Add(new RunNotice { RunId = "", Work = work });

    /// <summary>The run is not to be started: some of its refs cannot be put in place. It ends as if it had been.</summary>
    public void Refuse(string runId, IReadOnlyList<string> refs, IReadOnlyDictionary<string, Diagnostic> refused) => notices.Add(new RunNotice
    {
        RunId = runId,
        Return = new RunReturn { RunId = runId, Ending = RunEnding.CannotStart, Refused = refused },
        Staged = Nothing(refs),
    });

    /// <summary>Wakes the loop.</summary>
    public void Wake() => notices.Add(new RunNotice { RunId = "" });

    /// <summary>Everything that has come in, waiting for the first of it at most this long.</summary>
    public List<RunNotice> Take(TimeSpan atMost)
    {
        var taken = new List<RunNotice>();
        if (idle is not null && notices.Count == 0)
        {
            idle(atMost);
            atMost = TimeSpan.Zero;
        }

        if (notices.TryTake(out var notice, atMost))
        {
            do
            {
                taken.Add(notice);
            }
            while (notices.TryTake(out notice));
        }

        return taken;
    }

    public void Dispose() => notices.Dispose();

    private static StagedOutput Nothing(IReadOnlyList<string> refs) => new([.. refs.Select(_ => FileObservation.Absent)], []);

    private Dictionary<string, FileReadFact> LookAt(IReadOnlyList<JobMessage> messages)
    {
        var seen = new Dictionary<string, FileReadFact>(StringComparer.Ordinal);
        foreach (string path in messages.Where(message => message.ReadFiles is not null).SelectMany(message => message.ReadFiles.Paths))
        {
            string full = Path.GetFullPath(path, projectFolder);
            string relative = Path.GetRelativePath(projectFolder, full);
            string name = relative.StartsWith("..", StringComparison.Ordinal) ? full : relative.Replace('\\', '/');
            seen[path] = new FileReadFact(name, Fingerprint.From(store.ObservePath(full, 0, []).Fingerprint));
        }

        return seen;
    }
}
