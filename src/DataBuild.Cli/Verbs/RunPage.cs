using DataBuild.Cli.Output;
using DataBuild.V1;
using static DataBuild.Cli.Output.Say;

namespace DataBuild.Cli.Verbs;

/// <summary>An answer to `run`, in words.</summary>
internal sealed class RunPage(Page page, RunDetails report)
{
    public void Write()
    {
        var run = report.Run;
        page.Line(new Word($"{run.Job} {run.RunId}", Tone.Heading), ": ", new Word(How(run), ToneOfRun(run.State)), run.Duration is null ? "" : $" in {Seconds(run.Duration)}");
        if (run.Problem.Length > 0)
        {
            page.Line(new Word($"  {run.Problem.ReplaceLineEndings(" ")}", Tone.Bad));
        }

        page.Table(Pairs(
            ("queued", $"event {Plain(run.QueuedAt)}, {TimeOrNothing(run.Queued)}, term {Plain(report.Term)}"),
            ("started", run.Started is null ? "" : $"{Time(run.Started)}{(run.Executor.Length == 0 && report.Pid > 0 ? $", process {Plain(report.Pid)} on {report.Host}" : "")}"),
            ("on", RunPlace.Of(run)),
            ("but", RunPlace.Standing(run)),
            ("ended", run.EndedAt == 0 ? (report.EngineLives ? "" : RunPlace.WithoutEngine(run.Executor)) : $"event {Plain(run.EndedAt)}, {TimeOrNothing(run.Ended)}"),
            ("command", string.Join(' ', report.Command)),
            ("job was", report.JobFingerprint),
            ("for", string.Join(", ", report.WantIds)),
            ("unasked", string.Join(", ", report.Unasked))));
        page.Heading($"{Count(run.Refs, "partition")}");
        page.Table([.. report.Refs.Select(Row)]);
        if (report.Reads.Count + report.FileReads.Count > 0)
        {
            page.Heading(run.EndedAt == 0 ? "known inputs" : "read");
            page.Table([
                .. report.Reads.Select(read => new Word[] { read.Ref, Hex(read.ContentFingerprint), read.Missed ? "first reported missing" : "" }),
                .. report.FileReads.Select(file => new Word[] { file.Path, Hex(file.ContentFingerprint), "file" }),
            ]);
        }

        if (report.LeftOff > 0)
        {
            page.Line(new Word($"  and {Number(report.LeftOff)} more in these lists; --full shows them", Tone.Dim));
        }

        if (report.Attempts.Count > 0)
        {
            page.Heading("attempts");
            page.Table([.. report.Attempts.Select(RunsVerb.Row)], indent: "  ");
        }

        Output(report.Stdout);
        Output(report.Stderr);
    }

    private void Output(RunOutput output)
    {
        if (output.Path.Length == 0)
        {
            return;
        }

        page.Heading(output.Path);
        if (System.Text.Encoding.UTF8.GetByteCount(output.Text) < output.Bytes)
        {
            page.Line(new Word($"  the end of {Bytes(output.Bytes)}; --full shows all", Tone.Dim));
        }

        foreach (string line in output.Text.TrimEnd('\n').Split('\n'))
        {
            page.Line($"  {line.TrimEnd('\r')}");
        }
    }

    private static Word[] Row(RunRef item) =>
    [
        item.Ref,
        new(item.Outcome.Length > 0 ? item.Outcome : "under way", item.Outcome switch { "done" => Tone.Good, "failed" => Tone.Bad, _ => Tone.Plain }),
        item.Outcome == "done" ? Bytes((long)item.Size) : "",
        item.Message.Length > 0 ? $"{item.Code}: {item.Message.ReplaceLineEndings(" ")}" : item.Missed.Count > 0 ? $"lacks {FirstOf(item.Missed[0], item.Missed.Count)}" : item.Text,
    ];

    private static List<Word[]> Pairs(params (string Name, string Value)[] pairs) =>
        [.. pairs.Where(pair => pair.Value.Length > 0).Select(pair => new Word[] { new(pair.Name, Tone.Dim), pair.Value })];

    private static string Hex(Google.Protobuf.ByteString bytes) => bytes.IsEmpty ? "not there" : Convert.ToHexStringLower(bytes.Span);
}
