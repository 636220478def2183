using System.Globalization;
using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Graph;
using DataBuild.Engine.Ports;
using DataBuild.Engine.State;
using DataBuild.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace DataBuild.Engine.Reconciling;

/// <summary>
/// Decides what a run that ended comes to, ref by ref: an explicit outcome holds whatever the exit code; the rest missed if misses
/// were reported, else failed on a non-zero exit or an absent output, else done.
/// </summary>
public sealed partial class OutcomeResolver(BuildState state)
{
    /// <summary>Through how many child wants missing inputs may lead.</summary>
    public const int MostHops = 10_000;

    private const int MostTail = 2048;

    /// <param name="returned">What the executor knows.</param>
    /// <param name="staged">What the run left, in the order of its refs.</param>
    /// <param name="fileReads">What became of the files that its messages name, by the name they are given.</param>
    /// <param name="log">Folder of its output, as it goes into the log.</param>
    /// <param name="now">The time.</param>
    public RunResult Resolve(
        RunReturn returned, StagedOutput staged, IReadOnlyDictionary<string, FileReadFact> fileReads, string log, DateTimeOffset now)
    {
        var run = state.FindRun(returned.RunId) ?? throw new InvalidOperationException($"run {returned.RunId} is not under way");
        var result = new RunResult();
        if (returned.Ending == RunEnding.Canceled)
        {
            result.Events.Add(At(now, new BuildEvent { JobRunCancel = new JobRunCancelEventV1 { RunId = returned.RunId, Cause = "asked to stop" } }));
            return result;
        }

        var job = state.Graph!.FindJob(run.Job);
        var inPlace = staged.InPlace.ToHashSet(StringComparer.Ordinal);
        var outcomes = run.Refs.Select((id, i) => new RunOutcome(state.Refs[id], id, staged.Outputs[i]) { IsInPlace = inPlace.Contains(state.Refs[id]) }).ToList();
        if (returned.Ending != RunEnding.Lost)
        {
            Gather(run, outcomes, returned, fileReads, result);
        }

        var end = new RunEnd { RunId = returned.RunId, Signal = returned.Signal, Log = log };
        if (returned.ExitCode is { } exitCode)
        {
            end.ExitCode = exitCode;
        }

        if (returned.Started != default)
        {
            end.Started = Timestamp.FromDateTimeOffset(returned.Started);
            end.Duration = Duration.FromTimeSpan(returned.Duration);
        }

        end.Unasked.AddRange(staged.Unasked);
        var verdict = new RunVerdict(run, job, returned, outcomes, now);
        foreach (var outcome in outcomes)
        {
            end.Outcomes.Add(Outcome(outcome, verdict));
        }

        ShareReads(end);
        Finish(run, end, verdict, result, now);
        return result;
    }

    /// <summary>What holds for the run as a whole.</summary>
    private sealed record RunVerdict(RunFacts Run, Job? Job, RunReturn Returned, List<RunOutcome> Outcomes, DateTimeOffset Now)
    {
        public Diagnostic? Protocol { get; } = Returned.Diagnostics.FirstOrDefault(diagnostic => diagnostic.Severity == Severity.Error);

        /// <summary>The machine lacked something for a moment: processes, memory, room for a file. A program that is not there stays so.</summary>
        public bool MayStartLater => Protocol is { } why && (why.Code == Rules.CannotStart.Code || why.Code == Rules.ScratchUnusable.Code || why.Code == Rules.OutputRootGone.Code);

        /// <summary>Refs that the job said nothing of.</summary>
        public int Silent { get; } = Outcomes.Count(outcome => outcome is { IsExplicit: false, HasMissed: false });

        public bool HasFailed => Returned.Ending != RunEnding.Exited || Returned.ExitCode != 0 || Returned.Untaken is not null || Returned.Fault is not null;

        /// <summary>
        /// SIGTERM, SIGINT and SIGHUP are how one is asked to end, and whom this engine asks is not here; SIGKILL is what the kernel sends
        /// for want of memory.
        /// </summary>
        public FailureClass Class => Returned switch
        {
            { Untaken: not null } or { Ending: RunEnding.Lost } => FailureClass.Infrastructure,
            { Fault: { } fault } => fault.Class,
            { Ending: RunEnding.TimedOut } => FailureClass.Timeout,
            { Ending: RunEnding.CannotStart } => FailureClass.Infrastructure,
            { Signal: 15 or 1 or 2 } => FailureClass.Canceled,
            { Signal: 9 } or { ExitCode: null, Signal: 0 } => FailureClass.Infrastructure,
            _ when Protocol is not null => FailureClass.Protocol,
            _ => FailureClass.User,
        };
    }

    private PartitionOutcome Outcome(RunOutcome outcome, RunVerdict verdict)
    {
        var result = new PartitionOutcome { Ref = outcome.Ref };
        if (outcome.Refused is { } refused)
        {
            result.Failed = Failed(outcome, verdict, FailureClass.Graph, refused.Code, refused.Text, retryable: false);
        }
        else if (outcome.Failed is { } failed)
        {
            string reason = failed.Reason.Length > 0 ? failed.Reason : "the job said that it failed";
            result.Failed = Failed(outcome, verdict, FailureClass.User, Rules.RunFailed.Code, $"job {verdict.Run.Job}: {OneLine(reason)}", !failed.HasRetryable || failed.Retryable);
        }
        else if (outcome.Later is { } later)
        {
            result.Missed = new PartitionMissed { NotBefore = Timestamp.FromDateTimeOffset(verdict.Now.AddSeconds(Math.Clamp(later.Seconds, 0, 365 * 86_400))) };
        }
        else if (outcome.Done is not null && verdict.Returned.Untaken is null)
        {
            Complete(result, outcome, verdict);
        }
        else if (outcome.Fault is var (rule, text))
        {
            result.Failed = Failed(outcome, verdict, FailureClass.Graph, rule.Code, text, retryable: false);
        }
        else if (outcome.HasMissed)
        {
            result.Missed = Missed(outcome, verdict);
        }
        else if (verdict.HasFailed || verdict.Protocol is not null)
        {
            result.Failed = RunFailed(outcome, verdict);
        }
        else
        {
            Complete(result, outcome, verdict);
        }

        return result;
    }

    /// <summary>A ref that lacks another one of its own batch runs again in a smaller one.</summary>
    private static PartitionMissed Missed(RunOutcome outcome, RunVerdict verdict)
    {
        var missed = new PartitionMissed();
        missed.Refs.AddRange(outcome.Missed);
        if (verdict.Outcomes.Count > 1 && (missed.Refs.Count == 0 || verdict.Outcomes.Any(other => outcome.Missed.Contains(other.Ref))))
        {
            missed.BatchLimit = (uint)((verdict.Outcomes.Count + 1) / 2);
        }

        return missed;
    }

    private void Complete(PartitionOutcome result, RunOutcome outcome, RunVerdict verdict)
    {
        if (!outcome.Output.Exists)
        {
            // Nothing was there before the run, or it would not have been started: it wrote to the published place.
            var (rule, text) = outcome.IsInPlace && !state[outcome.Id].IsLive
                ? (Rules.OutputMisplaced, $"job {verdict.Run.Job} wrote DATABUILD_DATA_ROOT/{outcome.Ref} itself, and left nothing at DATABUILD_OUTPUT_ROOT/{outcome.Ref}; write there, and delete what is in the data root")
                : (Rules.OutputMissing, $"job {verdict.Run.Job} ended well and left nothing at DATABUILD_OUTPUT_ROOT/{outcome.Ref}; write a file or folder there, or report what it lacks or why it failed");
            result.Failed = Failed(outcome, verdict, FailureClass.Protocol, rule.Code, text, retryable: false);
            return;
        }

        result.Done = new PartitionDone
        {
            ContentFingerprint = ByteString.CopyFrom(outcome.Output.Fingerprint),
            Size = (ulong)outcome.Output.Size,
            Stamp = outcome.Output.Stamp,
            Folder = outcome.Output.IsFolder,
        };
        if (outcome.Done is { } done)
        {
            result.Done.Metadata.Add(done.Metadata);
        }

        result.Reads.AddRange(Reads(outcome, verdict.Run));
        result.FileReads.AddRange(outcome.Files
            .OrderBy(file => file.Path, StringComparer.Ordinal)
            .Select(file => new FileRead { Path = file.Path, ContentFingerprint = file.Content.ToByteString() }));
    }

    /// <summary>Reads are what the run reported, what the ref needs, and what it once reported missing.</summary>
    private IEnumerable<Read> Reads(RunOutcome outcome, RunFacts run)
    {
        var missed = new HashSet<int>(state.TroubleOf(outcome.Id)?.Missed ?? []);
        missed.UnionWith((state[outcome.Id].Reads ?? []).Where(read => read.Missed).Select(read => read.Ref));
        var read = new HashSet<int>(missed);
        read.UnionWith(outcome.Reads.Select(state.Refs.Intern));

        // The graph may have changed under the run, and its refs may be nobody's now.
        read.UnionWith((state.Graph!.Find(outcome.Ref)?.Needs(outcome.Ref) ?? []).Select(state.Refs.Intern));
        foreach (int id in read.OrderBy(id => state.Refs[id], StringComparer.Ordinal))
        {
            if (id == outcome.Id)
            {
                continue;
            }

            if (state.InstanceReadBy(id, run.QueuedAt) is not { } instance)
            {
                // Nobody has looked at this source yet, so what of it was read is unknown, and whatever is seen of it differs.
                if (state.Graph.Find(state.Refs[id]) is { IsSource: true })
                {
                    yield return new Read { Ref = state.Refs[id], Missed = missed.Contains(id) };
                }
            }
            else
            {
                yield return new Read
                {
                    Ref = state.Refs[id],
                    ContentFingerprint = instance.Content.ToByteString(),
                    RunId = instance.Run == Guid.Empty ? "" : instance.Run.ToString("D"),
                    Missed = missed.Contains(id),
                };
            }
        }
    }

    private PartitionFailed RunFailed(RunOutcome outcome, RunVerdict verdict)
    {
        var returned = verdict.Returned;
        var (code, text) = returned switch
        {
            { Untaken: { } untaken } => (untaken.Code, $"what job {verdict.Run.Job} left cannot be taken: {untaken.Text}"),
            { Fault.Why: { } why } => (why.Code, $"job {verdict.Run.Job}: {OneLine(why.Text)}"),
            { Ending: RunEnding.Lost } => (Rules.RunLost.Code, $"job {verdict.Run.Job} was lost: nothing is heard of it any more"),
            _ when verdict.Class == FailureClass.Canceled => (
                Rules.RunCanceledOutside.Code, $"job {verdict.Run.Job} was asked to end by somebody else (signal {returned.Signal.ToString(CultureInfo.InvariantCulture)}){LastWords(returned)}"),
            _ when verdict.Protocol is { } protocol => (protocol.Code, protocol.Text),
            { Ending: RunEnding.TimedOut } => (Rules.RunTimedOut.Code, $"job {verdict.Run.Job} took longer than its timeout of {verdict.Job?.Definition.Timeout}{LastWords(returned)}"),
            { ExitCode: { } exit } => (Rules.RunFailed.Code, $"job {verdict.Run.Job} exit {exit}{LastWords(returned)}"),
            _ => (Rules.RunFailed.Code, $"job {verdict.Run.Job} ended by signal {returned.Signal.ToString(CultureInfo.InvariantCulture)}{LastWords(returned)}"),
        };

        // The run failed without saying that this ref failed: halves tell, at no cost to anybody's budget. So it is too where the
        // job exited as it did for what it said of other refs. A lost process says nothing of refs: it is tried again as it was, as
        // long as its budget lasts; and neither does one that was cancelled, nor a disk that is full.
        var failed = Failed(outcome, verdict, verdict.Class, code, text, retryable: returned.Ending != RunEnding.CannotStart || verdict.MayStartLater || returned.Fault is not null);
        bool isLost = verdict.Class == FailureClass.Canceled || returned.Untaken is not null
            || (verdict.Class == FailureClass.Infrastructure && (failed.RetryAt is not null || returned.Ending == RunEnding.CannotStart));
        if (verdict.Outcomes.Count > 1 && !isLost)
        {
            failed.RetryAt = null;
            failed.BatchLimit = (uint)((verdict.Silent + 1) / 2);
        }

        return failed;
    }

    private PartitionFailed Failed(RunOutcome outcome, RunVerdict verdict, FailureClass failureClass, string code, string text, bool retryable)
    {
        var failed = new PartitionFailed { FailureClass = failureClass, Code = code, Message = text };
        int spent = state.TroubleOf(outcome.Id) is { } trouble && trouble.JobVersion == verdict.Run.JobVersion ? trouble.SpentOn(failureClass) : 0;
        if (retryable && verdict.Job is { } job
            && RetryPolicy.NextTry(job, failureClass, verdict.Returned.ExitCode, spent, verdict.Run.Id, verdict.Now) is { } next)
        {
            failed.RetryAt = Timestamp.FromDateTimeOffset(next);
        }

        return failed;
    }

    private static string LastWords(RunReturn returned)
    {
        string last = returned.Tail.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault() ?? "";
        return last.Length == 0 ? ", which said nothing" : $", \"{OneLine(last)}\"";
    }

    private static string OneLine(string text)
    {
        string line = text.ReplaceLineEndings(" ");
        return line.Length <= 400 ? line : string.Concat(line.AsSpan(0, 400), "...");
    }

    /// <summary>What all refs of a batch read is said once.</summary>
    private static void ShareReads(RunEnd end)
    {
        var done = end.Outcomes.Where(outcome => outcome.OutcomeCase == PartitionOutcome.OutcomeOneofCase.Done).ToList();
        if (done.Count < 2)
        {
            return;
        }

        var common = done[0].Reads.ToHashSet();
        var files = done[0].FileReads.ToHashSet();
        foreach (var outcome in done.Skip(1))
        {
            common.IntersectWith(outcome.Reads);
            files.IntersectWith(outcome.FileReads);
        }

        end.Reads.AddRange(done[0].Reads.Where(common.Contains));
        end.FileReads.AddRange(done[0].FileReads.Where(files.Contains));
        foreach (var outcome in done)
        {
            var own = outcome.Reads.Where(read => !common.Contains(read)).ToList();
            var ownFiles = outcome.FileReads.Where(read => !files.Contains(read)).ToList();
            outcome.Reads.Clear();
            outcome.Reads.AddRange(own);
            outcome.FileReads.Clear();
            outcome.FileReads.AddRange(ownFiles);
        }
    }

    private void Finish(RunFacts run, RunEnd end, RunVerdict verdict, RunResult result, DateTimeOffset now)
    {
        var child = ChildWant(run, end);
        if (child is { Hops: > MostHops })
        {
            string text = $"job {run.Job} lacks {child.Partitions.Expressions[0]}, and {MostHops} steps of missing inputs led to it";
            foreach (var outcome in end.Outcomes.Where(outcome => outcome.Missed is { Refs.Count: > 0 }))
            {
                outcome.Failed = new PartitionFailed { FailureClass = FailureClass.Graph, Code = Rules.TooManyHops.Code, Message = text };
            }

            child = null;
        }

        result.Publish.AddRange(end.Outcomes.Where(outcome => outcome.Done is not null).Select(outcome => outcome.Ref));
        var e = new BuildEvent();
        if (verdict.Returned.Ending == RunEnding.Lost)
        {
            e.JobRunLost = new JobRunLostEventV1 { RunId = end.RunId, Cause = OneLine(verdict.Returned.Fault?.Why.Text ?? "nothing is heard of it any more"), End = end };
        }
        else if (end.Outcomes.Any(outcome => outcome.Failed is not null))
        {
            e.JobRunFailure = new JobRunFailureEventV1
            {
                End = end,
                FailureClass = verdict.HasFailed ? verdict.Class : FailureClass.Unspecified,
                StderrTail = verdict.Returned.Tail.Length <= MostTail ? verdict.Returned.Tail : verdict.Returned.Tail[^MostTail..],
            };
        }
        else if (end.Outcomes.Any(outcome => outcome.Missed is not null))
        {
            e.JobRunMissingDeps = new JobRunMissingDepsEventV1 { End = end };
        }
        else
        {
            e.JobRunSuccess = new JobRunSuccessEventV1 { End = end };
            WarnOfNoInput(run, end, result);
        }

        result.Events.Add(At(now, e));
        if (e.JobRunFailure is { FailureClass: FailureClass.User } && result.Publish.Count == 0 && verdict.Job is { QuarantineAfter: > 0 and var most })
        {
            int failures = state.StraightFailuresOf(run.Job, run.JobVersion) + 1;
            if (failures >= most && !state.IsQuarantined(run.Job) && state.CurrentJob(run.Job)?.Index == run.JobVersion)
            {
                result.Events.Add(At(now, new BuildEvent { JobQuarantine = new JobQuarantineEventV1 { Job = run.Job, Failures = (uint)failures, RunId = end.RunId } }));
            }
        }

        if (child is not null)
        {
            result.Events.Add(At(now, new BuildEvent { WantCreate = new WantCreateEventV1 { Want = child } }));
        }
    }

    private void WarnOfNoInput(RunFacts run, RunEnd end, RunResult result)
    {
        var blind = end.Outcomes.FirstOrDefault(outcome =>
            outcome.Reads.Count + end.Reads.Count + outcome.FileReads.Count + end.FileReads.Count == 0
            && state.Graph!.Find(outcome.Ref) is { HasNeeds: false });
        if (blind is not null && state.Graph!.FindJob(run.Job) is { } job)
        {
            var warning = Rules.NoKnownInput.At($"job {run.Job} made {blind.Ref} from no known input; declare Needs or report reads, or it is never rebuilt", job.Definition.Origin);
            result.Warnings.Add(warning);
        }
    }

    /// <summary>One child want for each event that tells of missing inputs, traced to the oldest want that the run served.</summary>
    private Want? ChildWant(RunFacts run, RunEnd end)
    {
        var missed = end.Outcomes.Where(outcome => outcome.Missed is { Refs.Count: > 0 }).ToList();
        if (missed.Count == 0)
        {
            return null;
        }

        // Nobody wants what the run is for: what it lacks is waited for without a want.
        if (run.WantIds is not [var oldest, ..])
        {
            return null;
        }

        var parent = state.FindWant(oldest);
        var want = new Want
        {
            WantId = $"run-{end.RunId}",
            ParentWantId = oldest,
            RootWantId = parent?.Want.RootWantId ?? oldest,
            Source = "job run",
            RunId = end.RunId,
            Hops = (parent?.Want.Hops ?? 0) + 1,
            Partitions = new V1.PartitionSet(),
        };
        want.Partitions.Expressions.AddRange(missed.SelectMany(outcome => outcome.Missed.Refs).Distinct(StringComparer.Ordinal));
        want.Waiting.AddRange(missed.Select(outcome => outcome.Ref));
        return want;
    }

    private static void Warn(RunResult result, DiagnosticRule rule, string text)
    {
        if (result.Warnings.Count < 100)
        {
            result.Warnings.Add(rule.At(text));
        }
    }

    private static BuildEvent At(DateTimeOffset now, BuildEvent e)
    {
        e.Timestamp = Timestamp.FromDateTimeOffset(now);
        return e;
    }
}
