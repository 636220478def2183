using System.IO.Hashing;
using System.Text;
using DataBuild.Engine.Graph;
using DataBuild.Engine.Reconciling;
using DataBuild.Engine.State;
using DataBuild.V1;
using Google.Protobuf.WellKnownTypes;
using PartitionSet = DataBuild.Engine.Graph.PartitionSet;

namespace DataBuild.Engine.Hosting;

/// <summary>Brings the log's graph and standing wants up to the project's: an event for each that differs, none where nothing does.</summary>
internal static class Registration
{
    /// <summary>Adds what differs of graph, jobs and standing wants.</summary>
    public static void Bring(Journal journal, GraphLookup graph, Func<Job, JobFingerprint> fingerprint, DateTimeOffset now)
    {
        if (Graph(journal.State, graph, graph.Jobs.Select(fingerprint)) is { } registration)
        {
            journal.Add(registration, now);
        }

        if (Wants(journal.State, now.Date) is { } wants)
        {
            journal.Add(wants, now);
        }
    }

    public static BuildEvent? Graph(BuildState state, GraphLookup graph, IEnumerable<JobFingerprint> fingerprints)
    {
        var registration = new GraphRegisterEventV1 { Graph = graph.Document };
        registration.JobFingerprints.AddRange(fingerprints);
        return registration.Equals(state.GraphRegistration) ? null : new BuildEvent { GraphRegister = registration };
    }

    /// <summary>Relative ends are resolved here: once a build, and by a service when they are due.</summary>
    /// <param name="state">The log's, with the graph.</param>
    /// <param name="today">In the graph's time zone.</param>
    /// <param name="isDue">Which wants, by their place in the graph, are resolved anew; the others stay as they are registered. All where null.</param>
    public static BuildEvent? Wants(BuildState state, DateTime today, Func<int, bool>? isDue = null)
    {
        var graph = state.Graph!;
        int index = -1;
        var registration = new WantRegisterEventV1();
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var want in graph.Wants)
        {
            index++;
            var resolved = PartitionSet.Parse([want.Definition.Partitions], graph, today, want.Definition.Origin);
            string id = IdOf(graph.Name, want.Definition.Partitions);
            for (int again = 2; !ids.Add(id); again++)
            {
                id = IdOf(graph.Name, $"{want.Definition.Partitions}#{again}");
            }

            var wanted = new Want
            {
                WantId = id,
                RootWantId = id,
                Partitions = new V1.PartitionSet(),
                Ttl = want.Ttl is { } ttl ? Duration.FromTimeSpan(ttl) : null,
                Sla = want.Sla is { } sla ? Duration.FromTimeSpan(sla) : null,
                Priority = want.Priority,
                Source = "project",
                Comment = want.Definition.Comment,
                Origin = want.Definition.Origin,
            };
            var registered = isDue?.Invoke(index) == false ? state.FindWant(id)?.Want.Partitions.Expressions : null;
            wanted.Partitions.Expressions.AddRange(registered ?? resolved.Text);
            registration.Wants.Add(wanted);
        }

        var standing = state.Wants.Where(want => want.IsStanding).Select(want => want.Want);
        return standing.SequenceEqual(registration.Wants) ? null : new BuildEvent { WantRegister = registration };
    }

    /// <summary>Makes a want of each set that a build was asked for, and returns their ids.</summary>
    public static List<string> Explicit(Journal journal, GraphLookup graph, IEnumerable<string> sets, DateTimeOffset now)
    {
        var ids = new List<string>();
        foreach (string set in sets)
        {
            string id = $"want-{RunIds.Next(journal.LogId, journal.State.Offset, ids.Count, now):D}";
            journal.Add(new BuildEvent { WantCreate = new WantCreateEventV1 { Want = Explicit(graph, set, id, now.Date) } }, now);
            ids.Add(id);
        }

        return ids;
    }

    /// <summary>A want from the command line.</summary>
    public static Want Explicit(GraphLookup graph, string text, string id, DateTime today)
    {
        var set = PartitionSet.Parse([text], graph, today);
        var want = new Want { WantId = id, RootWantId = id, Partitions = new V1.PartitionSet(), Source = "command line" };
        want.Partitions.Expressions.AddRange(set.Text);
        return want;
    }

    /// <summary>A standing want is the same one as long as graph and set are written the same.</summary>
    private static string IdOf(string graph, string set) =>
        $"want-{Convert.ToHexStringLower(XxHash128.Hash(Encoding.UTF8.GetBytes($"{graph}\n{set}")))[..16]}";
}
