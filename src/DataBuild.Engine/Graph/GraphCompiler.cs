using DataBuild.Engine.Diagnostics;
using DataBuild.V1;

namespace DataBuild.Engine.Graph;

/// <summary>
/// Turns a graph document into a lookup, or says everything that is wrong with it: each check goes on with what the checks before left
/// usable, and an item with an error of its own is left out of later ones only where it would cause false errors.
/// </summary>
public sealed class GraphCompiler
{
    private readonly GraphDocument _document;
    private readonly CompilationErrors _errors = new();
    private readonly Dictionary<string, int> _pools = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Job> _jobs = new(StringComparer.Ordinal);
    private readonly List<Family> _families = [];
    private readonly Dictionary<Family, PartitionDefinition> _partitions = [];
    private readonly Dictionary<Family, SourceDefinition> _sources = [];

    // A pattern that cannot be read matches nothing, and what wants or needs its refs would be wrongly said to have no producer.
    private bool _hasUnreadFamily;

    private GraphCompiler(GraphDocument document) => _document = document;

    public static GraphCompilation Compile(GraphDocument document)
    {
        ArgumentNullException.ThrowIfNull(document);
        return new GraphCompiler(document).Compile();
    }

    private GraphCompilation Compile()
    {
        ReadPools();
        ReadJobs();
        ReadFamilies();
        var wants = ReadWants();
        _errors.AddRange(PatternOverlaps.Find(_families));
        var graph = new GraphLookup(_document, [.. _jobs.Values], _families, _pools, wants);
        ReadTemplates(graph);
        CheckWants(graph);
        return new GraphCompilation(_errors.HasErrors ? null : graph, _errors.All);
    }

    private void ReadPools()
    {
        foreach (var pool in _document.Pools)
        {
            if (!JobCompiler.IsLabel(pool.Name))
            {
                _errors.Add(Rules.BadPool, $"the pool name '{pool.Name}' may hold only ASCII letters, digits, '_' and '-', beginning with a letter or '_'; rename the pool", pool.Origin);
                continue;
            }

            if (pool.Slots.Length == 0)
            {
                _errors.Add(Rules.BadPool, $"the pool '{pool.Name}' has no Slots; give it a number", pool.Origin);
            }

            // A wrong number is an error already: no slot is then too many.
            var slots = _errors.Number(pool.Slots, "Slots", 1, int.MaxValue, pool.Origin) ?? int.MaxValue;
            if (!_pools.TryAdd(pool.Name, slots))
            {
                _errors.Add(Rules.BadPool, $"the pool '{pool.Name}' is declared twice; remove one", pool.Origin);
            }
        }
    }

    private void ReadJobs()
    {
        var compiler = new JobCompiler(_pools, _errors);
        foreach (var definition in _document.Jobs)
        {
            if (compiler.Compile(definition, _jobs.Count) is { } job)
            {
                _jobs.Add(job.Label, job);
            }
        }
    }

    private void ReadFamilies()
    {
        foreach (var partition in _document.Partitions)
        {
            var job = FindJob(partition);
            var early = _errors.Choice(partition.Early, "Early", [("true", true), ("false", false)], false, partition.Origin);
            var retention = _errors.Duration(partition.Retention, "Retention", mayBeZero: false, partition.Origin);
            if (ReadPattern(partition.Pattern, partition.Origin) is { } pattern)
            {
                var family = AddFamily(pattern, job ?? JobCompiler.Unknown(partition.Job), early, retention, partition.Origin);
                _partitions.Add(family, partition);
                ReadBatchBy(family, family.Job!);
            }
            else
            {
                _hasUnreadFamily = true;
            }
        }

        foreach (var source in _document.Sources)
        {
            if (ReadPattern(source.Pattern, source.Origin) is { } pattern)
            {
                _sources.Add(AddFamily(pattern, null, false, null, source.Origin), source);
            }
            else
            {
                _hasUnreadFamily = true;
            }
        }
    }

    private Job? FindJob(PartitionDefinition partition)
    {
        if (partition.Job.Length == 0)
        {
            _errors.Add(Rules.UnknownJob, $"the partition '{partition.Pattern}' names no job; say Job=\"...\"", partition.Origin);
            return null;
        }

        if (_jobs.TryGetValue(partition.Job, out var job))
        {
            return job;
        }

        // A job whose label is wrong is declared, and has its own error.
        if (!_document.Jobs.Any(definition => definition.Label == partition.Job))
        {
            var hint = EditDistance.Nearest(partition.Job, _document.Jobs.Select(definition => definition.Label)) is { } nearest
                ? $"did you mean '{nearest}'?"
                : "declare it";
            _errors.Add(Rules.UnknownJob, $"the partition '{partition.Pattern}' names the job '{partition.Job}', which is not declared; {hint}", partition.Origin);
        }

        return null;
    }

    private PartitionPattern? ReadPattern(string text, Origin? origin)
    {
        PartitionPattern? pattern = null;
        _errors.Try(origin, () => pattern = PartitionPattern.Parse(text));
        return pattern;
    }

    private Family AddFamily(PartitionPattern pattern, Job? job, bool early, TimeSpan? retention, Origin? origin)
    {
        var family = new Family { Index = _families.Count, Pattern = pattern, Job = job, Early = early, Retention = retention, Origin = origin ?? new Origin() };
        _families.Add(family);
        return family;
    }

    private void ReadBatchBy(Family family, Job job)
    {
        List<int> indices = [];
        foreach (var name in job.BatchBy)
        {
            var index = family.Pattern.IndexOf(name);
            if (index >= 0)
            {
                indices.Add(index);
                continue;
            }

            var names = family.Pattern.Placeholders.Select(placeholder => placeholder.Name);
            var hint = EditDistance.Nearest(name, names) is { } nearest ? $"did you mean '{nearest}'?" : "name placeholders that each pattern of the job has";
            _errors.Add(Rules.BadBatchBy, $"BatchBy of job '{job.Label}' names '{name}', which is no placeholder of its pattern '{family.Pattern}'; {hint}", job.Definition.Origin);
        }

        family.SetBatchBy([.. indices]);
    }

    private List<StandingWant> ReadWants()
    {
        List<StandingWant> wants = [];
        var texts = new HashSet<string>(StringComparer.Ordinal);
        foreach (var want in _document.Wants)
        {
            if (!texts.Add(want.Partitions))
            {
                _errors.Add(Rules.DuplicateWant, $"the want '{want.Partitions}' is declared twice; remove one", want.Origin);
            }

            wants.Add(new StandingWant
            {
                Definition = want,
                Ttl = _errors.Duration(want.Ttl, "Ttl", mayBeZero: false, want.Origin),
                Sla = _errors.Duration(want.Sla, "Sla", mayBeZero: true, want.Origin),
                Priority = _errors.Number(want.Priority, "Priority", -1_000_000, 1_000_000, want.Origin) ?? 0,
            });
        }

        return wants;
    }

    private void ReadTemplates(GraphLookup graph)
    {
        foreach (var (family, definition) in _partitions)
        {
            var compiler = new TemplateCompiler(family, graph);
            List<RefTemplate> needs = [];
            foreach (var need in CompilationErrors.List(definition.Needs))
            {
                TryProduced(definition.Origin, () => needs.Add(compiler.CompileNeed(need)));
            }

            family.SetNeeds([.. needs]);
        }

        foreach (var (family, definition) in _sources)
        {
            var compiler = new TemplateCompiler(family, graph);
            if (definition.Path.Trim().Length == 0)
            {
                _errors.Add(Rules.BadSourcePath, $"the source '{definition.Pattern}' has no Path; say which file or folder it stands for", definition.Origin);
                continue;
            }

            _errors.Try(definition.Origin, () => family.SetPath(compiler.CompilePath(definition.Path)));
        }
    }

    // The day is not known here, so any will do: whether a set is well formed does not depend on it.
    private void CheckWants(GraphLookup graph)
    {
        foreach (var want in _document.Wants)
        {
            TryProduced(want.Origin, () => PartitionSet.Parse([want.Partitions], graph, new DateTime(2001, 1, 31)));
        }
    }

    private void TryProduced(Origin? origin, Action action) => _errors.Try(origin, () =>
    {
        try
        {
            action();
        }
        catch (DataBuildException e) when (_hasUnreadFamily && e.Rule == Rules.NoProducer)
        {
            // Said already, by the error of the family that could not be read.
        }
    });
}
