using DataBuild.Cli.Output;
using DataBuild.V1;
using static DataBuild.Cli.Output.Say;

namespace DataBuild.Cli.Binlog;

/// <summary>An answer to `binlog`, in words: how each build ended, what failed and its last words, then what ran and why.</summary>
internal sealed class BinlogPage(Page page, BinlogReport report, RunChoice choice, bool full)
{
    private const int MostRuns = 20;
    private const int MostFailures = 5;
    private const int MostLines = 20;

    public void Write()
    {
        foreach (var call in report.Calls)
        {
            if (call != report.Calls[0])
            {
                page.Line();
            }

            Write(call);
        }

        if (report.Elsewhere.Count > 0)
        {
            page.Heading("other projects of this build");
            page.Table([.. report.Elsewhere.Take(full ? int.MaxValue : MostRuns).Select(Row)]);
            Rest(report.Elsewhere.Count, MostRuns, "messages");
        }
    }

    private void Write(BinlogCall call)
    {
        page.Line(new Word(call.Name.Length > 0 ? call.Name : "a project without a name", Tone.Heading), ": ", Outcome(call));
        page.Line(new Word($"  {Asked(call)}", Tone.Dim));
        if (call.Diagnostics.Count > 0)
        {
            page.Heading("errors and warnings");
            page.Table([.. call.Diagnostics.Take(full ? int.MaxValue : MostRuns).Select(Row)]);
            Rest(call.Diagnostics.Count, MostRuns, "messages");
        }

        var failed = call.Runs.Where(run => run.Run.State is "Failed" or "Lost").ToList();
        foreach (var run in failed.Take(full ? int.MaxValue : MostFailures))
        {
            new BinlogRunText(page, run, full ? int.MaxValue : MostLines).Write();
        }

        Rest(failed.Count, MostFailures, "failed runs");
        Runs(call);
        if (choice.IsAll && call.Skips.Count > 0)
        {
            page.Heading("without work");
            page.Table([.. call.Skips.Select(skip => new Word[] { skip.Job, skip.Reason })]);
        }
    }

    private void Runs(BinlogCall call)
    {
        if (call.Runs.Count == 0)
        {
            page.Line(new Word(choice.IsAll || call.RunsHeld == 0 ? "  nothing ran" : $"  none of its {Count(call.RunsHeld, "run")} is like that", Tone.Dim));
            return;
        }

        page.Heading(choice.IsAll ? Count(call.Runs.Count, "run") : $"{Number(call.Runs.Count)} of {Count(call.RunsHeld, "run")}");
        page.Table(["  run", "job", "state", "started", "took", "refs: why"], [.. call.Runs.Take(full ? int.MaxValue : MostRuns).Select(run => RunRow(run.Run))]);
        Rest(call.Runs.Count, MostRuns, "runs");
        if (call.RunsMissing > 0)
        {
            page.Line(new Word($"  {Count(call.RunsMissing, "further run")} of this build the log does not hold", Tone.Warning));
        }
    }

    private Word Outcome(BinlogCall call)
    {
        if (call.Result is not { } result)
        {
            return new Word(report.Complete ? "it was ended before it had a result" : "the log ends before its result", Tone.Warning);
        }

        return new Word(result.Summary, result.Outcome switch
        {
            BuildOutcome.Built or BuildOutcome.UpToDate or BuildOutcome.Planned => Tone.Good,
            BuildOutcome.Canceled => Tone.Warning,
            _ => Tone.Bad,
        });
    }

    private static string Asked(BinlogCall call)
    {
        string[] parts =
        [
            call.Project,
            call.Request?.Environment is { Length: > 0 } environment ? $"environment {environment}" : "",
            call.Request?.Mode switch { EngineMode.Plan => "only planned", EngineMode.Compile => "only compiled", _ => "" },
            call.Request?.Jobs.Count > 0 ? $"only {string.Join(", ", call.Request.Jobs)}" : "",
            call.Request?.Wants.Count > 0 ? $"wanted {string.Join(", ", call.Request.Wants)}" : "",
            call.Plan is { WillRun: > 0 } will ? $"{Number(will.WillRun)} to be made" : "",
            call.Plan is { MayRun: > 0 } may ? $"{Number(may.MayRun)} perhaps" : "",
            call.Plan is { UpToDate: > 0 } current ? $"{Number(current.UpToDate)} up to date before" : "",
        ];
        return string.Join("; ", parts.Where(part => part.Length > 0));
    }

    private static Word[] RunRow(RunReport run) =>
    [
        $"  {Short(run.RunId)}",
        run.Job,
        new(BinlogRunText.How(run), ToneOfRun(run.State)),
        new(TimeOrNothing(run.Started), Tone.Dim),
        SecondsOrNothing(run.Duration),
        $"{FirstOf(run.Refs.FirstOrDefault() ?? "", run.Refs.Count)}: {run.Reason}",
    ];

    private static Word[] Row(Diagnostic diagnostic) =>
    [
        new($"{(diagnostic.Severity == Severity.Error ? "error" : "warning")}{(diagnostic.Code.Length > 0 ? $" {diagnostic.Code}" : "")}", diagnostic.Severity == Severity.Error ? Tone.Bad : Tone.Warning),
        $"{(diagnostic.File.Length == 0 ? "" : diagnostic.Line == 0 ? $"{diagnostic.File}: " : $"{diagnostic.File}({Plain(diagnostic.Line)},{Plain(diagnostic.Column)}): ")}{diagnostic.Text.ReplaceLineEndings(" ")}",
    ];

    private void Rest(int count, int most, string what)
    {
        if (!full && count > most)
        {
            page.Line(new Word($"  and {Number(count - most)} more {what}; --full shows them, --job and --ref choose", Tone.Dim));
        }
    }
}
