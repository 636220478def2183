using System.Diagnostics;
using System.Globalization;
using DataBuild.V1;
using Spectre.Console;

namespace DataBuild.Cli.Output;

/// <summary>The same on a terminal: with colours, and one line at the end that says how far the build is and goes away with it.</summary>
internal sealed class LiveDisplay(string projectFile) : EngineDisplay(projectFile, json: false)
{
    private readonly IAnsiConsole console = AnsiConsole.Console;
    private readonly TaskCompletionSource over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Stopwatch watch = Stopwatch.StartNew();
    private StatusContext? line;
    private Task? shown;

    public override void Begin(string graph)
    {
        base.Begin(graph);
        watch.Restart();
        using var ready = new ManualResetEventSlim();
        shown = console.Status().Spinner(Spinner.Known.Line).StartAsync(graph, context =>
        {
            line = context;
            ready.Set();
            return over.Task;
        });
        ready.Wait();
    }

    public override void End(BuildResult result)
    {
        Close();
        base.End(result);
    }

    protected override void Line(string text) => Write(text, Style.Plain);

    protected override void Diagnose(Severity severity, string text) => Write(text, severity switch
    {
        Severity.Error => new Style(Color.Red),
        Severity.Warning => new Style(Color.Yellow),
        _ => Style.Plain,
    });

    protected override void Progress(BuildProgress progress)
    {
        string failed = progress.Failed > 0 ? string.Create(CultureInfo.InvariantCulture, $", {progress.Failed} failed") : "";
        line?.Status(string.Create(
            CultureInfo.InvariantCulture, $"{progress.Built} built, {progress.Left} to go, {progress.Running} running{failed}, {watch.Elapsed.TotalSeconds:0}s"));
    }

    public override void Dispose()
    {
        Close();
        base.Dispose();
    }

    private void Write(string text, Style style)
    {
        console.Write(new Paragraph(text, style));
        console.WriteLine();
    }

    private void Close()
    {
        over.TrySetResult();
        shown?.Wait();
        shown = null;
    }
}
