using DataBuild.Cli.Output;
using DataBuild.V1;
using static DataBuild.Cli.Output.Say;

namespace DataBuild.Cli.Verbs;

/// <summary>An answer to `why`, in words: the verdict first, then what it rests on.</summary>
internal sealed class WhyText(Page page, WhyReport report, bool full)
{
    private const int MostRows = 20;

    public void Write()
    {
        var verdict = report.Verdict;
        page.Line(new Word(verdict.Ref, Tone.Heading), ": ", new Word(verdict.State.ToString(), ToneOf(verdict.State)), $": {report.Text}{InBrackets(Evidence(verdict.Reason))}");
        if (report.HeldByText.Length > 0)
        {
            page.Line($"  not yet: {report.HeldByText}");
        }

        string family = report.Pattern.Length == 0 ? "no longer part of the graph" : report.IsSource ? $"source {report.Pattern}" : $"{report.Pattern}, made by job {verdict.Job}";
        page.Line(new Word($"  {family}; as of event {Plain(report.Offset)}, {Time(report.Time)}", Tone.Dim));
        WriteSource();
        WriteRun();
        Refs("waits for", report.Awaited);
        WriteFailure();
        WriteInstance();
        WriteReads();
        WriteRequesters();
        Refs("waiting for it", report.Waiting);
        Refs("read or needed by", report.Readers);
        WriteTaints();
    }

    private void WriteSource()
    {
        if (report.Source is { } source)
        {
            page.Heading("last seen");
            page.Table(Pairs(
                ("path", source.Path),
                ("then", source.Offset == 0 ? "no build has looked for it yet" : source.Present ? $"there, content {source.Content}" : "not there"),
                ("event", source.Offset == 0 ? "" : Plain(source.Offset))));
        }
    }

    private void WriteRun()
    {
        if (report.Run is { } run)
        {
            page.Heading("under way");
            page.Table(Pairs(
                ("run", $"{run.RunId}, {run.State}, attempt {Plain(run.Attempt)}, queued at event {Plain(run.QueuedAt)}"),
                ("refs", $"{run.FirstRef}{(run.Refs > 1 ? $" and {Number(run.Refs - 1)} more" : "")}"),
                ("on", RunPlace.Of(run)),
                ("but", RunPlace.Standing(run)),
                ("engine", run.EngineLives ? "at work" : RunPlace.WithoutEngine(run.Executor))));
        }
    }

    private void WriteFailure()
    {
        if (report.Failure is { } failure)
        {
            page.Heading("last failure");
            page.Table(Pairs(
                ("because", failure.Message),
                ("run", $"{failure.RunId} of job {failure.Job}{Ending(failure)}, event {Plain(failure.Offset)}"),
                ("code", $"{failure.Code} ({failure.FailureClass})"),
                ("log", failure.Log)));
            if (failure.LastWords.Length > 0)
            {
                page.Line("  last words");
                foreach (string line in failure.LastWords.TrimEnd().Split('\n'))
                {
                    page.Line(new Word($"    {line.TrimEnd('\r')}", Tone.Dim));
                }
            }
        }

        if (report.Missed.Count > 0)
        {
            page.Heading("reported missing by its runs");
            Rows([.. report.Missed.Select(missed => new Word[] { missed })]);
        }
    }

    private static string Ending(FailureStatus failure) =>
        failure.HasExitCode ? $", exit {Plain(failure.ExitCode)}" : failure.Signal > 0 ? $", signal {Plain(failure.Signal)}" : "";

    private void WriteInstance()
    {
        if (report.Instance is not { } made)
        {
            return;
        }

        page.Heading(made.Live ? "last built" : made.ExpiredAt > 0 ? "last built, and removed since" : "last built, and lost since");
        string metadata = string.Join(" ", made.Metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}"));
        page.Table(Pairs(
            ("because", made.Text.Length > 0 ? $"{made.Text}{InBrackets(Evidence(made.Reason))}" : ""),
            ("run", $"{made.RunId}, attempt {Plain(made.Attempt)}, {Seconds(made.Duration)} for {Count(made.Refs, "ref")}"),
            ("events", $"queued {Plain(made.QueuedAt)}, published {Plain(made.PublishedAt)}{(made.Published is { } when ? $" at {Time(when)}" : "")}{(made.LostAt > 0 ? $", found missing {Plain(made.LostAt)}" : "")}{(made.ExpiredAt > 0 ? $", retention passed {Plain(made.ExpiredAt)}" : "")}"),
            ("content", $"{made.Content}, {Number(made.Size)} bytes"),
            ("metadata", metadata),
            ("job since", made.JobDiffers.Length > 0 ? $"differs in {made.JobDiffers}" : ""),
            ("log", made.Log)));
        if (report.Changed is { } changed)
        {
            page.Line(new Word($"  its files were changed by somebody else since: {Hex(changed.ContentFingerprint)}", Tone.Warning));
        }
    }

    private void WriteReads()
    {
        if (report.Reads.Count + report.FileReads.Count == 0)
        {
            return;
        }

        page.Heading("read");
        Rows([
            .. report.Reads.Select(read => new Word[]
            {
                read.Ref,
                read.Equal ? new Word("unchanged", Tone.Good) : read.Present ? new Word("changed", Tone.Warning) : new Word("not there now", Tone.Warning),
                $"{read.Content}{(read.Present && !read.Equal ? $" then, {read.Now} now" : "")}{(read.Missed ? ", first reported missing" : "")}",
            }),
            .. report.FileReads.Select(file => new Word[] { file.Path, "file", Hex(file.ContentFingerprint) }),
        ]);
    }

    private void WriteRequesters()
    {
        page.Heading("wanted by");
        if (report.Requesters.Count == 0)
        {
            page.Line(report.MoreDependents ? "  nothing that was found; there are too many wanted partitions to look at all that they need" : "  nothing that the log knows of");
        }

        Rows([.. report.Requesters.Select(requester => new Word[]
        {
            requester.Partitions,
            requester.Source,
            requester.Chain.Count == 1 ? "directly" : $"through {string.Join(" -> ", requester.Chain)}",
        })]);
    }

    private void WriteTaints()
    {
        if (report.Taints.Count > 0)
        {
            page.Heading("tainted");
            Rows([.. report.Taints.Select(taint => new Word[] { taint.TaintId, taint.Comment, $"event {Plain(taint.Offset)}" })]);
        }
    }

    private void Refs(string title, IReadOnlyList<RefStatus> refs)
    {
        if (refs.Count > 0)
        {
            page.Heading(title);
            Rows([.. refs.Select(@ref => new Word[] { @ref.Ref, new(@ref.State.ToString(), ToneOf(@ref.State)), @ref.Text })]);
        }
    }

    private void Rows(IReadOnlyList<Word[]> rows)
    {
        int most = full ? int.MaxValue : MostRows;
        page.Table([.. rows.Take(most)]);
        if (rows.Count > most)
        {
            page.Line(new Word($"  and {Number(rows.Count - most)} more; --full lists them", Tone.Dim));
        }
    }

    private static List<Word[]> Pairs(params (string Name, string Value)[] pairs) =>
        [.. pairs.Where(pair => pair.Value.Length > 0).Select(pair => new Word[] { new(pair.Name, Tone.Dim), pair.Value })];

    private static string InBrackets(string text) => text.Length > 0 ? $" ({text})" : "";

    private static string Hex(Google.Protobuf.ByteString bytes) => bytes.IsEmpty ? "not there" : Convert.ToHexStringLower(bytes.Span);
}
