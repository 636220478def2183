using System.Globalization;
using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Graph;
using DataBuild.Engine.Ports;
using DataBuild.Engine.Reconciling;
using DataBuild.Engine.State;
using DataBuild.V1;

namespace DataBuild.Engine.Hosting;

/// <summary>Tells the caller what happens, as messages; keeps the counts that a result is made of.</summary>
internal sealed class BuildReport(Action<EngineMessage> send, BuildState state, bool reportRuns, Func<DateTimeOffset> clock) : ILoopReport
{
    private static readonly TimeSpan progressInterval = TimeSpan.FromMilliseconds(200);

    private readonly Dictionary<string, JobTally> tallies = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (PlannedRun Run, RunRequest Request)> underWay = new(StringComparer.Ordinal);
    private readonly HashSet<string> warned = new(StringComparer.Ordinal);
    private readonly HashSet<string> runsWithOwnErrors = new(StringComparer.Ordinal);
    private readonly HashSet<string> running = new(StringComparer.Ordinal);
    private DateTimeOffset nextProgress;

    public List<Diagnostic> Diagnostics { get; } = [];

    /// <summary>In the order in which the jobs first did something.</summary>
    public IEnumerable<JobTally> Tallies => tallies.Values;

    public long Built => tallies.Values.Sum(tally => tally.Built);

    public long Runs => tallies.Values.Sum(tally => tally.Runs);

    public void Line(string text, Importance importance = Importance.High) =>
        send(new EngineMessage { Line = new ConsoleLine { Importance = importance, Text = text } });

    public void Say(Diagnostic diagnostic)
    {
        Diagnostics.Add(diagnostic);
        send(new EngineMessage { Diagnostic = diagnostic });
    }

    /// <summary>Says a warning once a build, one about a job once a job, one about a place once a place, however many runs give cause for it.</summary>
    public void SayOnce(Diagnostic diagnostic)
    {
        if (warned.Add($"{diagnostic.Code} {(diagnostic.Origin is { ItemType: "Job" } job ? job.Include : $"{diagnostic.File}:{diagnostic.Line}:{diagnostic.Column} {diagnostic.Text}")}"))
        {
            Say(diagnostic);
        }
    }

    public void JobChanged(Job job, string file) => SayOnce(Rules.JobChangedMeanwhile.At(
        $"'{file}' of job {job.Label} changed while the build ran; what the job made before is stale and is made again, which costs no retry", job.Definition.Origin));

    public void Queued(PlannedRun run, RunRequest request)
    {
        underWay[run.Queue.RunId] = (run, request);
        Tally(run.Job.Label).Runs++;
    }

    public void Started(string runId) => running.Add(runId);

    public void Progressed(string runId, Progress progress)
    {
        if (underWay.TryGetValue(runId, out var known))
        {
            Line($"    {known.Run.Job.Label} {progress.Fraction.ToString("P0", CultureInfo.InvariantCulture)} {progress.Text}", Importance.Low);
        }
    }

    public void Progress(BuildProgress progress)
    {
        var now = clock();
        if (now >= nextProgress)
        {
            nextProgress = now + progressInterval;
            progress.Built = Built;
            progress.Running = running.Count;
            send(new EngineMessage { Progress = progress });
        }
    }

    /// <summary>What an event of the reconciler's own tells people.</summary>
    public void Learned(BuildEvent e)
    {
        if (e.WantTime is { } time)
        {
            Missed(time);
        }

        foreach (var seen in e.Observe?.Observations ?? [])
        {
            if (state.Graph!.Find(seen.Ref) is { IsSource: false } family && seen.Presence == Presence.Present)
            {
                SayOnce(Rules.ChangedOutside.At($"{seen.Ref} was changed by somebody else; it is kept (delete it to have it rebuilt)", family.Origin));
            }
        }
    }

    private void Missed(WantTimeEventV1 time)
    {
        if (time.DeadlineMissed?.Expressions is not [var first, ..] missed || state.FindWant(time.WantId) is not { Want: var want })
        {
            return;
        }

        string more = missed.Count > 1 ? $" and {missed.Count - 1} more" : "";
        SayOnce(Rules.DeadlineMissed.At($"{first}{more} missed the deadline of the want for {want.Partitions.Expressions[0]}, {BuildSummary.Seconds(want.Sla.ToTimeSpan())} after its data's time; it is still wanted", want.Origin));
    }

    public void Ended(RunFacts run, RunReturn returned, RunResult result, StagedOutput staged)
    {
        var tally = Tally(run.Job);
        if (!running.Remove(run.IdText) && returned.Ending == RunEnding.Canceled)
        {
            // It was ended in the queue: nothing of it ever ran.
            tally.Runs--;
        }

        var ended = returned.Started == default ? clock() : returned.Started + returned.Duration;
        tally.First = tally.First is { } first && first < returned.Started ? first : returned.Started == default ? ended : returned.Started;
        tally.Last = tally.Last is { } last && last > ended ? last : ended;
        tally.Built += result.Publish.Count;
        string stateOfRun = "Canceled";
        foreach (var e in result.Events)
        {
            switch (e.EventCase)
            {
                case BuildEvent.EventOneofCase.JobRunSuccess:
                    stateOfRun = "Succeeded";
                    break;
                case BuildEvent.EventOneofCase.JobRunFailure:
                    stateOfRun = "Failed";
                    tally.FailedRuns++;
                    CountMisses(tally, e.JobRunFailure.End);
                    break;
                case BuildEvent.EventOneofCase.JobRunLost:
                    stateOfRun = "Lost";
                    tally.FailedRuns++;
                    break;
                case BuildEvent.EventOneofCase.JobQuarantine when state.Graph!.FindJob(run.Job) is { } job:
                    Say(Rules.Quarantined.At(
                        $"job {run.Job} is quarantined: {e.JobQuarantine.Failures} of its runs failed in a row; it is not run again until it changes or `databuild retry` asks for it",
                        job.Definition.Origin));
                    break;
                case BuildEvent.EventOneofCase.JobRunMissingDeps:
                    stateOfRun = "MissedDeps";
                    tally.MissedRuns++;
                    CountMisses(tally, e.JobRunMissingDeps.End);
                    break;
            }
        }

        Warn(run, returned, result, staged, stateOfRun is "Failed" or "Lost");
        if (underWay.Remove(returned.RunId, out var known) && reportRuns)
        {
            send(new EngineMessage { Run = RunReports.Of(known.Run, returned, result, stateOfRun, state) });
        }
    }

    public void Committed(int queued)
    {
        if (queued > 0)
        {
            Line($"    {queued} runs queued at event {state.Offset}", Importance.Low);
        }
    }

    /// <summary>The job itself gave an error that people see: ours need not say it again.</summary>
    public bool HasOwnError(string runId) => runsWithOwnErrors.Contains(runId);

    private JobTally Tally(string job)
    {
        if (!tallies.TryGetValue(job, out var tally))
        {
            tallies.Add(job, tally = new JobTally(job));
        }

        return tally;
    }

    private void CountMisses(JobTally tally, RunEnd end)
    {
        foreach (string missed in end.Outcomes.Where(outcome => outcome.Missed is not null).SelectMany(outcome => outcome.Missed.Refs))
        {
            string job = state.Graph!.Find(missed)?.Job?.Label ?? "source";
            if (!tally.Asked.TryGetValue(job, out var refs))
            {
                tally.Asked.Add(job, refs = new HashSet<string>(StringComparer.Ordinal));
            }

            refs.Add(missed);
        }
    }

    private void Warn(RunFacts run, RunReturn returned, RunResult result, StagedOutput staged, bool failed)
    {
        foreach (var diagnostic in returned.JobDiagnostics)
        {
            if (diagnostic.Severity == Severity.Error && failed)
            {
                runsWithOwnErrors.Add(returned.RunId);
            }

            // An error line of a job whose run went well is a warning: its exit code is what counts.
            SayOnce(diagnostic.Severity == Severity.Error && !failed ? new Diagnostic(diagnostic) { Severity = Severity.Warning } : diagnostic);
        }

        foreach (var diagnostic in returned.Diagnostics.Where(diagnostic => diagnostic.Severity == Severity.Warning).Concat(result.Warnings))
        {
            SayOnce(diagnostic);
        }

        if (staged.Unasked.Count > 0 && state.Graph!.FindJob(run.Job) is { } job)
        {
            string more = staged.Unasked.Count > 1 ? $" and {staged.Unasked.Count - 1} more" : "";
            SayOnce(Rules.UnaskedOutput.At($"job {run.Job} wrote {staged.Unasked[0]}{more}, which it was not asked for; ignored", job.Definition.Origin));
        }
    }
}
