using DataBuild.Cli.Output;
using DataBuild.Engine.Hosting.Trying;
using DataBuild.V1;

namespace DataBuild.Cli.Verbs.Trying;

/// <summary>`verify`: jobs run twice, bytes compared.</summary>
internal sealed class VerifyVerb(bool json)
{
    private const int MostLines = 50;

    private int lines;

    public async Task<int> RunAsync(string projectFile, string set, int jobs, int limit, string[] properties)
    {
        using var stop = new CancellationTokenSource();
        using var signals = new StopSignals(stop);
        try
        {
            if (await Compiling.RequestAsync(projectFile, properties, stop.Token).ConfigureAwait(false) is not { } request)
            {
                return ExitCodes.Invalid;
            }

            var session = new VerifySession(request, diagnostic => Console.Error.WriteLine(DiagnosticText.Of(diagnostic, projectFile)), Show, TimeProvider.System);
            if (await session.RunAsync(set, jobs, limit, stop.Token).ConfigureAwait(false) is not { } report)
            {
                return ExitCodes.Invalid;
            }

            if (json)
            {
                Json.Write(report);
            }
            else
            {
                Console.Out.WriteLine(Summary(set, report));
            }

            return report.Stopped ? ExitCodes.Canceled : report.Different + report.Failed > 0 ? ExitCodes.Failed : ExitCodes.Success;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return ExitCodes.Canceled;
        }
    }

    private void Show(VerifiedPartition partition)
    {
        if (!json && ++lines <= MostLines)
        {
            Console.Out.WriteLine($"  {partition.Ref}  {Text(partition)}");
        }
    }

    private static string Text(VerifiedPartition partition)
    {
        string stale = partition.Stale.Length > 0 ? $"; not compared with the live content, which is out of date: {partition.Stale}" : "";
        if (partition.Failure.Length > 0)
        {
            return $"not verified: {partition.Failure}";
        }

        if (partition.Difference is not { } difference)
        {
            return $"both runs agree{stale}";
        }

        string where = difference.File.Length > 0 ? $"{difference.File}: " : "";
        string what = partition.Runs == Likeness.Different ? "the two runs differ" : "both runs agree and differ from the live content";
        string kept = partition.Outputs.Count > 0 ? $"; see {string.Join(" and ", partition.Outputs)}" : "";
        string place = difference.HasOffset ? $"at byte {Say.Number(difference.Offset)}: " : "";
        return $"{what}: {where}{place}{difference.Text}{stale}{kept}";
    }

    private string Summary(string set, VerifyReport report)
    {
        (long Count, string What)[] counts =
        [
            (report.Different, "different"), (report.Failed, "not verified"), (report.Stale, "out of date, both runs agree"), (report.Live - report.LookedAt, "not looked at"),
        ];
        string rest = string.Concat(counts.Where(count => count.Count > 0).Select(count => $", {Say.Number(count.Count)} {count.What}"));
        string more = lines > MostLines ? $" ({Say.Number(lines - MostLines)} lines left out; --json lists a thousand)" : "";
        return $"  {set} -> {Say.Number(report.Equal)} of {Say.Number(report.Live)} live equal byte for byte{rest}{(report.Stopped ? "; stopped" : "")}{more}";
    }
}
