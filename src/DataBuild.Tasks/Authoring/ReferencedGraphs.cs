using DataBuild.Engine.Diagnostics;
using DataBuild.V1;

namespace DataBuild.Tasks.Authoring;

/// <summary>
/// What referenced projects declare becomes part of this project's graph: jobs, partitions, sources and pools, each with its paths
/// as seen from here. Their wants do not: a reference says what can be made, not what should be. A project that is reached in two
/// ways is taken in once.
/// </summary>
internal sealed class ReferencedGraphs(ProjectPaths paths, GraphDocument document, AuthoringReport report)
{
    private readonly GraphDocument _taken = new();
    private readonly HashSet<(string Project, string Type, string Include, uint Ordinal)> _seen = [];
    private readonly ReferenceConflicts _conflicts = new(report);

    public void TakeIn(IEnumerable<EngineRequest> references)
    {
        // A project that is built in two ways in one build (of a solution, say) leaves one request.
        foreach (var reference in references.GroupBy(reference => reference.ProjectFile, StringComparer.Ordinal).Select(alike => alike.First()))
        {
            TakeIn(new RebasedPaths(reference.ProjectFile, paths), reference.Graph);
        }

        // What is needed comes before what needs it, and what is wrong with both is said of the project at hand.
        _taken.Jobs.AddRange(document.Jobs);
        _taken.Partitions.AddRange(document.Partitions);
        _taken.Sources.AddRange(document.Sources);
        var own = new HashSet<string>(document.Pools.Select(pool => pool.Name), StringComparer.Ordinal);
        var pools = _conflicts.Settle(_taken.Pools, own).Concat(document.Pools).ToList();
        _conflicts.CheckLabels(_taken.Jobs);
        document.Jobs.Clear();
        document.Jobs.AddRange(_taken.Jobs);
        document.Partitions.Clear();
        document.Partitions.AddRange(_taken.Partitions);
        document.Sources.Clear();
        document.Sources.AddRange(_taken.Sources);
        document.Pools.Clear();
        document.Pools.AddRange(pools);
    }

    private void TakeIn(RebasedPaths from, GraphDocument graph)
    {
        _conflicts.CheckTimeZone(document, graph, from.Project);
        foreach (var job in graph.Jobs.Where(job => IsNew(from, job.Origin)))
        {
            _taken.Jobs.Add(from.Job(job));
        }

        foreach (var partition in graph.Partitions.Where(partition => IsNew(from, partition.Origin)))
        {
            var taken = partition.Clone();
            taken.Origin = from.Origin(partition.Origin);
            _taken.Partitions.Add(taken);
        }

        foreach (var source in graph.Sources.Where(source => IsNew(from, source.Origin)))
        {
            _taken.Sources.Add(from.Source(source));
        }

        foreach (var pool in graph.Pools.Where(pool => IsNew(from, pool.Origin)))
        {
            var taken = pool.Clone();
            taken.Origin = from.Origin(pool.Origin);
            _taken.Pools.Add(taken);
        }
    }

    private bool IsNew(RebasedPaths from, Origin origin) => _seen.Add((from.ProjectOf(origin), origin.ItemType, origin.Include, origin.Ordinal));
}
