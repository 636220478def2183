using DataBuild.Engine.State;
using DataBuild.V1;

namespace DataBuild.Engine.Hosting.Planning;

/// <summary>How a project differs from the graph that a log holds, as far as that can make something run.</summary>
internal static class GraphChanges
{
    public static IEnumerable<GraphChange> Between(GraphRegisterEventV1? before, GraphRegisterEventV1 now)
    {
        before ??= new GraphRegisterEventV1 { Graph = new GraphDocument() };
        return
        [
            .. Of("Job", before.JobFingerprints, now.JobFingerprints, job => job.Job, Difference),
            .. Of("Partition", before.Graph.Partitions, now.Graph.Partitions, family => family.Pattern, Difference),
            .. Of("Source", before.Graph.Sources, now.Graph.Sources, source => source.Pattern, (was, source) => Differs("Path", was.Path, source.Path)),
            .. Of("Want", before.Graph.Wants, now.Graph.Wants, want => want.Partitions, (_, _) => ""),
        ];
    }

    private static IEnumerable<GraphChange> Of<T>(string kind, IEnumerable<T> before, IEnumerable<T> now, Func<T, string> name, Func<T, T, string> difference)
    {
        // A want may be declared twice; nothing else of one name may.
        var was = before.GroupBy(name, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.First(), StringComparer.Ordinal);
        foreach (var item in now.DistinctBy(name, StringComparer.Ordinal))
        {
            if (!was.Remove(name(item), out var old))
            {
                yield return new GraphChange { Kind = kind, Name = name(item), Change = "New" };
            }
            else if (difference(old, item) is { Length: > 0 } detail)
            {
                yield return new GraphChange { Kind = kind, Name = name(item), Change = "Changed", Detail = detail };
            }
        }

        foreach (string gone in was.Keys.Order(StringComparer.Ordinal))
        {
            yield return new GraphChange { Kind = kind, Name = gone, Change = "Gone" };
        }
    }

    /// <summary>Fingerprints of another scheme cannot be compared, and make nothing run.</summary>
    private static string Difference(JobFingerprint was, JobFingerprint now)
    {
        var (before, after) = (new JobVersion(0, was, 0), new JobVersion(0, now, 0));
        return was.Fingerprint.Equals(now.Fingerprint) || !before.IsComparableTo(after) ? "" : after.DifferenceTo(before);
    }

    private static string Difference(PartitionDefinition was, PartitionDefinition now) => string.Join(
        ", ",
        new[] { Differs("Job", was.Job, now.Job), Differs("Needs", was.Needs, now.Needs), Differs("Early", was.Early, now.Early) }.Where(text => text.Length > 0));

    private static string Differs(string what, string was, string now) => was == now ? "" : $"{what} was '{was}' and is '{now}'";
}
