using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Execution;
using DataBuild.Engine.Graph;
using DataBuild.Engine.Ports;
using DataBuild.Engine.Reconciling;
using DataBuild.V1;
using Google.Protobuf.WellKnownTypes;

namespace DataBuild.Engine.Hosting.Trying;

/// <summary>Runs the job of one ref with the console attached, in a scratch folder, and says what a build would have made of it.</summary>
/// <param name="request">As compiling the project leaves it.</param>
/// <param name="ref">The ref.</param>
/// <param name="say">Told of errors and warnings as they are found.</param>
/// <param name="time">The time.</param>
public sealed class TrySession(EngineRequest request, string @ref, Action<Diagnostic> say, TimeProvider time)
{
    /// <summary>What would be started; null if the project has errors.</summary>
    public TryCommand? Print()
    {
        if (Rehearsal.Compile(request, say) is not { } graph)
        {
            return null;
        }

        using var rehearsal = new Rehearsal(request, graph, time);
        var job = JobOf(rehearsal.Graph);
        var notLive = NotLive(rehearsal);
        return TryScript.Of(rehearsal, job, @ref, notLive);
    }

    /// <summary>Runs it; null if the project has errors.</summary>
    /// <param name="console">The console it is given.</param>
    /// <param name="keep">Keep what it wrote; that of a run that did not end well is always kept.</param>
    /// <param name="stop">Ends it.</param>
    public async Task<TryReport?> RunAsync(RunConsole console, bool keep, CancellationToken stop)
    {
        if (Rehearsal.Compile(request, say) is not { } graph)
        {
            return null;
        }

        using var rehearsal = new Rehearsal(request, graph, time);
        var job = JobOf(rehearsal.Graph);
        var report = new TryReport { Ref = @ref, Job = job.Label };
        report.NotLive.AddRange(NotLive(rehearsal));
        foreach (var input in report.NotLive)
        {
            Say(report, Rules.TriedWithoutInput.At($"{input.Ref}, which {@ref} needs, is not live ({input.Text}); a build would make it first"));
        }

        var intent = rehearsal.Intend(job, [@ref]);
        var scratch = Scratch.Make(rehearsal.Workspace.StateDirectory, intent.RunId, [@ref]);
        var run = RehearsedRuns.Request(rehearsal, job, intent, scratch) with { Timeout = null };
        run = run with { PassEnvironment = [.. run.PassEnvironment, .. Terminal(console)] };
        var returned = await RunAsync(run, scratch, console, stop).ConfigureAwait(false);
        var staged = scratch.Inspect(run.Refs, ref returned);
        var end = rehearsal.Judge(intent, returned, staged);
        Fill(report, rehearsal, returned, end);
        report.Unasked.AddRange(staged.Unasked);
        report.Output = scratch.Output;
        if (!keep && report.Outcome?.Done is not null)
        {
            report.Output = "";
            if (scratch.Remove() is { } leftover)
            {
                Say(report, leftover);
            }
        }

        return report;
    }

    private static async Task<RunReturn> RunAsync(RunRequest run, Scratch scratch, RunConsole console, CancellationToken stop)
    {
        using var ends = new RunEnds();

        // A mark of its own: a build that begins meanwhile ends what bears its log's mark.
        var executor = new LocalExecutor(ends, new LocalExecutorOptions { Slots = 1, RunMarker = $"try:{run.RunId}", ScratchDirectory = scratch.Engine, Console = console });
        await using (executor.ConfigureAwait(false))
        {
            executor.Start(run);
            using var cancel = stop.Register(() => executor.Cancel(run.RunId));
            return await Task.Run(ends.Take, CancellationToken.None).ConfigureAwait(false) ?? throw new InvalidOperationException("nobody wakes a try");
        }
    }

    private void Fill(TryReport report, Rehearsal rehearsal, RunReturn returned, RunEnd? end)
    {
        report.RunId = returned.RunId;
        report.CommandLine.AddRange(returned.CommandLine);
        report.Signal = returned.Signal;
        report.Duration = Duration.FromTimeSpan(returned.Duration);
        if (returned.ExitCode is { } exitCode)
        {
            report.ExitCode = exitCode;
        }

        report.Messages.AddRange(returned.Messages);
        report.Outcome = end?.Outcomes[0];
        if (report.Outcome?.Done is { } done)
        {
            report.Live = rehearsal.Find(@ref) is not { IsLive: true } live ? Likeness.NothingLive
                : live.Content.ToByteString().Equals(done.ContentFingerprint) ? Likeness.Equal
                : Likeness.Different;
        }

        // What failed the run is its outcome, and need not be said twice.
        foreach (var diagnostic in returned.Diagnostics.Where(diagnostic => diagnostic.Text != report.Outcome?.Failed?.Message))
        {
            Say(report, diagnostic);
        }
    }

    private Job JobOf(GraphLookup graph) => graph.Find(@ref) switch
    {
        null => throw new DataBuildException(Rules.UnknownRef, graph.NoProducerText(@ref, "to be tried")),
        { Job: { } job } => job,
        { } source => throw new DataBuildException(Rules.TriedSource, $"'{@ref}' is a source ({source}), which no job makes; try a partition that reads it"),
    };

    /// <summary>The inputs that are known and that a build would make before it ran the job.</summary>
    private List<InputProblem> NotLive(Rehearsal rehearsal)
    {
        var inputs = rehearsal.InputsOf(@ref);
        var verdicts = rehearsal.Look([@ref, .. inputs]);
        var needs = rehearsal.Graph.Find(@ref)!.Needs(@ref).ToHashSet(StringComparer.Ordinal);
        var problems = new List<InputProblem>();
        foreach (string input in inputs)
        {
            bool isLive = rehearsal.Find(input) is { IsLive: true };
            if (rehearsal.Graph.Find(input) is { IsSource: true })
            {
                if (!isLive && needs.Contains(input))
                {
                    problems.Add(new InputProblem { Ref = input, Text = "the source is not there" });
                }
            }
            else if (verdicts[input] is { State: not RefState.Live } verdict && (needs.Contains(input) || isLive))
            {
                problems.Add(new InputProblem { Ref = input, Text = verdict.Reason.ToText() });
            }
        }

        return problems;
    }

    /// <summary>A program that is given a terminal has to know which.</summary>
    private static IEnumerable<string> Terminal(RunConsole console) =>
        Execution.Native.PseudoTerminal.IsTerminal(console.Output) && Environment.GetEnvironmentVariable("TERM") is { Length: > 0 } ? ["TERM"] : [];

    private void Say(TryReport report, Diagnostic diagnostic)
    {
        report.Diagnostics.Add(diagnostic);
        say(diagnostic);
    }
}
