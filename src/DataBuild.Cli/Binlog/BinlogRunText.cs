using DataBuild.Cli.Output;
using DataBuild.V1;
using static DataBuild.Cli.Output.Say;

namespace DataBuild.Cli.Binlog;

/// <summary>A failed run of a binary log: its facts and its last words.</summary>
internal sealed class BinlogRunText(Page page, BinlogRun item, int mostLines)
{
    private const int MostRows = 20;

    public void Write()
    {
        var run = item.Run;
        page.Heading($"{run.Job} {Short(run.RunId)}: {How(run)}{(run.Duration is null ? "" : $" after {Seconds(run.Duration)}")}");
        if (run.Problem.Length > 0)
        {
            page.Line(new Word($"  {run.Problem.ReplaceLineEndings(" ")}", Tone.Bad));
        }

        (string Name, string Value)[] pairs =
        [
            ("refs", string.Join(", ", run.Refs.Take(MostRows)) + (run.Refs.Count > MostRows ? $" and {Number(run.Refs.Count - MostRows)} more" : "")),
            ("why", run.Reason + (run.Reasons.Count > 0 && Evidence(run.Reasons[0]) is { Length: > 0 } evidence ? $" ({evidence})" : "")),
            ("command", string.Join(' ', run.CommandLine)),
            ("started", TimeOrNothing(run.Started)),
            ("log", run.Log),
        ];
        page.Table([.. pairs.Where(pair => pair.Value.Length > 0).Select(pair => new Word[] { new(pair.Name, Tone.Dim), pair.Value })]);
        if (run.Inputs.Count > 0)
        {
            page.Line("  read");
            page.Table([.. run.Inputs.Take(MostRows).Select(read => Row(read))], "    ");
        }

        foreach (var said in run.Diagnostics)
        {
            page.Line(new Word($"  said: {said.File}({Plain(said.Line)},{Plain(said.Column)}): {said.Text}", Tone.Warning));
        }

        Tail("stdout", item.Stdout);
        Tail("stderr", item.Stderr);
    }

    /// <summary>"Failed, exit 3, attempt 2".</summary>
    public static string How(RunReport run)
    {
        string exit = run is { HasExitCode: true, ExitCode: not 0, State: not "MissedDeps" } ? $", exit {Plain(run.ExitCode)}" : run.Signal != 0 ? $", signal {Plain(run.Signal)}" : "";
        return $"{run.State}{exit}{(run.Attempt > 1 ? $", attempt {Plain(run.Attempt)}" : "")}";
    }

    private static Word[] Row(ReportedRead read) =>
        [read.Ref, read.Content.Length == 0 ? "not there" : read.Content, new(read.Was.Length > 0 ? $"was {read.Was}" : "", Tone.Warning)];

    private void Tail(string stream, string text)
    {
        if (text.Length == 0)
        {
            return;
        }

        string[] lines = text.TrimEnd('\n').Split('\n');
        page.Line($"  {stream}{(lines.Length > mostLines ? $", its last {Plain(mostLines)} lines; --full shows what the log has" : "")}");
        foreach (string line in lines.Skip(Math.Max(0, lines.Length - mostLines)))
        {
            page.Line(new Word($"    {line.TrimEnd('\r')}", Tone.Dim));
        }
    }
}
