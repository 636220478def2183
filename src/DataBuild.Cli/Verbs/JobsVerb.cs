using DataBuild.Cli.Output;
using DataBuild.Engine.Hosting.Queries;
using DataBuild.V1;
using static DataBuild.Cli.Output.Say;

namespace DataBuild.Cli.Verbs;

/// <summary>`jobs`: what each makes, how its runs went, what it is made of.</summary>
internal static class JobsVerb
{
    /// <summary>Digits of a fingerprint that tell versions apart for people.</summary>
    private const int ShortFingerprint = 12;

    public static int Run(LogPlace place, bool json, bool full)
    {
        JobsReport report;
        using (var view = LogView.Open(place))
        {
            report = new JobsQuery(view).Answer(full);
        }

        return Show(report, json);
    }

    public static int Show(JobsReport report, bool json)
    {
        if (json)
        {
            Json.Write(report);
            return ExitCodes.Success;
        }

        using var page = Page.Stdout();
        foreach (var job in report.Jobs)
        {
            Show(page, job);
        }

        if (report.Jobs.Count == 0)
        {
            page.Line(new Word("no job is known yet; build first", Tone.Dim));
        }
        else if (report.CountedFrom > 1)
        {
            page.Line(new Word($"runs were counted from event {Plain(report.CountedFrom)} on; --full counts all", Tone.Dim));
        }

        return ExitCodes.Success;
    }

    private static void Show(Page page, JobReport report)
    {
        var job = report.Job;
        page.Line(
            new Word(job.Job, Tone.Heading),
            job.Gone ? new Word(" (no longer in the graph)", Tone.Warning) : $"  makes {string.Join(", ", report.Families)}");
        string runs = report.Runs == 0 ? "no runs" : $"{Count(report.Runs, "run")}{(report.FailedRuns > 0 ? $", {Number(report.FailedRuns)} of them failed" : "")}, mean {SecondsOrNothing(report.MeanDuration)}";
        page.Line($"  {Number(job.Live)} live{(job.Building > 0 ? $", {Number(job.Building)} building" : "")}", job.Failed > 0 ? new Word($", {Number(job.Failed)} failed", Tone.Bad) : "", $"; {runs}");
        if (report.LastRun is { } last)
        {
            page.Line("  last ", new Word(How(last), ToneOfRun(last.State)), new Word($"  {TimeOrNothing(last.Started ?? last.Queued)}  run {Short(last.RunId)}", Tone.Dim));
        }

        if (report.Fingerprint.Length > 0)
        {
            string changed = report.Changed.Length > 0 ? $"; differs in {report.Changed} from the one before" : "";
            page.Line(new Word($"  version {report.Fingerprint[..Math.Min(ShortFingerprint, report.Fingerprint.Length)]} since event {Plain(report.ChangedAt)}{changed}", Tone.Dim));
        }

        if (report.Limits is { } limits)
        {
            page.Line(new Word($"  {string.Join(", ", Limits(limits))}", Tone.Dim));
        }
    }

    private static IEnumerable<string> Limits(JobLimits limits)
    {
        yield return $"batches of {Plain(limits.BatchSize)}";
        if (limits.MaxConcurrency > 0)
        {
            yield return $"{Count(limits.MaxConcurrency, "run")} at a time";
        }

        if (limits.Executor.Length > 0)
        {
            string cpus = limits.Cpus > 0 ? $" with {Count(limits.Cpus, "processor")}" : "";
            string memory = limits.Memory.Length > 0 ? $"{(cpus.Length > 0 ? " and" : " with")} {limits.Memory}" : "";
            yield return $"on {limits.Executor}{cpus}{memory}{(limits.SlurmPartition.Length > 0 ? $" in {limits.SlurmPartition}" : "")}";
        }

        foreach (var (pool, slots) in limits.Pools.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            yield return $"{Plain(slots)} of pool {pool}";
        }

        if (limits.Timeout is not null)
        {
            yield return $"timeout {Spans.Text(limits.Timeout)}";
        }

        if (limits.Retries > 0)
        {
            yield return limits.Retries == 1 ? "1 retry" : $"{Plain(limits.Retries)} retries";
        }

        if (limits.OnStale != "Rebuild")
        {
            yield return $"stale data: {limits.OnStale.ToLowerInvariant()}";
        }
    }
}
