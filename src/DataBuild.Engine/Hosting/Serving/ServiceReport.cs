using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Graph;
using DataBuild.Engine.Ports;
using DataBuild.Engine.Reconciling;
using DataBuild.Engine.State;
using DataBuild.V1;

namespace DataBuild.Engine.Hosting.Serving;

/// <summary>What a service says: a line a run that made or failed to make something, and to each build that waits what concerns it.</summary>
internal sealed class ServiceReport(Action<EngineMessage> send, BuildState state, IReadOnlyCollection<BuildClient> clients, Func<DateTimeOffset> clock) : ILoopReport
{
    /// <summary>Warnings are said again after that long: a service runs for weeks.</summary>
    private static readonly TimeSpan repeat = TimeSpan.FromDays(1);

    private readonly Dictionary<string, DateTimeOffset> said = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (PlannedRun Run, RunRequest Request)> underWay = new(StringComparer.Ordinal);

    private readonly List<string> unstored = [];

    /// <summary>Runs that are under way, for who comes later.</summary>
    public IEnumerable<(PlannedRun Run, RunRequest Request)> UnderWay => underWay.Values;

    public void Line(string text, Importance importance = Importance.High) =>
        send(new EngineMessage { Line = new ConsoleLine { Importance = importance, Text = text } });

    public void JobChanged(Job job, string file) => Line($"'{file}' of job {job.Label} changed: what it made is stale");

    public void Queued(PlannedRun run, RunRequest request)
    {
        underWay[run.Queue.RunId] = (run, request);
        foreach (var client in clients)
        {
            client.Queued(run, request);
        }
    }

    public void Started(string runId)
    {
        foreach (var client in clients)
        {
            client.Started(runId);
        }
    }

    public void Progressed(string runId, Progress progress)
    {
        foreach (var client in clients)
        {
            client.Progressed(runId, progress);
        }
    }

    public void Ended(RunFacts run, RunReturn returned, RunResult result, StagedOutput staged)
    {
        underWay.Remove(run.IdText);
        foreach (var client in clients)
        {
            client.Ended(run, returned, result, staged);
        }

        string refs = run.Refs.Length == 1 ? state.Refs[run.Refs[0]] : $"{state.Refs[run.Refs[0]]} and {run.Refs.Length - 1} more";
        string time = BuildSummary.Seconds(returned.Duration);
        foreach (var e in result.Events)
        {
            switch (e.EventCase)
            {
                case BuildEvent.EventOneofCase.JobRunSuccess:
                    unstored.Add($"{run.Job} made {refs} in {time}");
                    break;
                case BuildEvent.EventOneofCase.JobRunFailure:
                    unstored.Add($"{run.Job} failed for {refs} after {time}, run {run.IdText}: {Cause(e.JobRunFailure.End)}");
                    break;
                case BuildEvent.EventOneofCase.JobRunLost:
                    unstored.Add($"{run.Job} was lost for {refs}, run {run.IdText}: {e.JobRunLost.Cause}");
                    break;
                default:
                    break;
            }
        }
    }

    public void Progress(BuildProgress progress)
    {
        foreach (var client in clients)
        {
            client.Progress();
        }
    }

    public void Learned(BuildEvent e)
    {
        foreach (var seen in e.Observe?.Observations ?? [])
        {
            string what = seen.Presence == Presence.Present ? "changed" : "gone";
            Line($"{seen.Ref} is {what}", Importance.Normal);
        }

        if (e.WantTime?.DeadlineMissed?.Expressions is [var first, ..] missed)
        {
            string more = missed.Count > 1 ? $" and {missed.Count - 1} more" : "";
            SayOnce(Rules.DeadlineMissed.At($"{first}{more} missed the deadline; it is still wanted", state.FindWant(e.WantTime.WantId)?.Want.Origin));
        }
    }

    /// <summary>What was made is in place now, and only now is it said.</summary>
    public void Committed(int queued)
    {
        unstored.ForEach(line => Line(line));
        unstored.Clear();
    }

    private void SayOnce(Diagnostic diagnostic)
    {
        var now = clock();
        foreach (string old in said.Where(pair => now - pair.Value >= repeat).Select(pair => pair.Key).ToList())
        {
            said.Remove(old);
        }

        if (said.TryAdd($"{diagnostic.Code} {(diagnostic.Origin is { ItemType: "Job" } job ? job.Include : diagnostic.Text)}", now))
        {
            send(new EngineMessage { Diagnostic = diagnostic });
        }
    }

    private static string Cause(RunEnd end) => end.Outcomes.FirstOrDefault(outcome => outcome.Failed is not null)?.Failed.Message ?? "";
}
