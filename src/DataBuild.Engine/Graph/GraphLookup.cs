using DataBuild.V1;

namespace DataBuild.Engine.Graph;

/// <summary>The compiled form of a project: from a ref to the one job or source that it belongs to. Immutable, for use by any thread.</summary>
public sealed class GraphLookup
{
    private readonly RefTrie _trie = new();
    private readonly Dictionary<string, Job> _jobs;

    internal GraphLookup(
        GraphDocument document,
        IReadOnlyList<Job> jobs,
        IReadOnlyList<Family> families,
        IReadOnlyDictionary<string, int> pools,
        IReadOnlyList<StandingWant> wants)
    {
        Document = document;
        Jobs = jobs;
        Families = families;
        Pools = pools;
        Wants = wants;
        _jobs = jobs.ToDictionary(job => job.Label, StringComparer.Ordinal);
        foreach (var family in families)
        {
            _trie.Add(family);
        }
    }

    public GraphDocument Document { get; }

    public string Name => Document.Name;

    /// <summary>IANA name; UTC unless declared.</summary>
    public string TimeZone => Document.TimeZone.Length == 0 ? "UTC" : Document.TimeZone;

    /// <summary>In declared order.</summary>
    public IReadOnlyList<Job> Jobs { get; }

    /// <summary>Partitions in declared order, then sources.</summary>
    public IReadOnlyList<Family> Families { get; }

    /// <summary>Slots by name.</summary>
    public IReadOnlyDictionary<string, int> Pools { get; }

    /// <summary>The project's wants, their metadata parsed, in declared order.</summary>
    public IReadOnlyList<StandingWant> Wants { get; }

    public Job? FindJob(string label) => _jobs.GetValueOrDefault(label);

    /// <summary>The family of a ref; null if no pattern matches or the text is no valid ref.</summary>
    public Family? Find(string @ref) => Find(@ref.AsSpan());

    /// <inheritdoc cref="Find(string)"/>
    public Family? Find(ReadOnlySpan<char> @ref)
    {
        var family = _trie.Find(@ref);
        return family is null || family.Pattern.IsAlwaysValid || PartitionRef.IsValid(@ref) ? family : null;
    }

    /// <summary>As <see cref="Find(string)"/>, with the ref's values; null together.</summary>
    public Family? Find(string @ref, out PartitionKey? key)
    {
        key = null;
        if (Find(@ref) is not { } family)
        {
            return null;
        }

        family.Pattern.TryMatch(@ref, out key);
        return family;
    }

    /// <summary>The families that an expression may fit, in order.</summary>
    internal IEnumerable<Family> Candidates(Expression expression) => _trie.Candidates(expression.Template).Select(index => Families[index]);

    /// <summary>The text of the nearest pattern, for "did you mean"; null if none is near.</summary>
    public string? Nearest(string @ref)
    {
        string? nearest = null;
        var best = int.MaxValue;
        foreach (var family in @ref.Length <= EditDistance.Longest ? Families : [])
        {
            var pattern = family.Pattern;
            var literal = 0;
            foreach (var part in pattern.Parts)
            {
                literal += part.Literal?.Length ?? 0;
            }

            var limit = Math.Min(best - 1, Math.Max(2, 1 + (literal / 4)));

            // A text shorter by more than that misses too many literal characters.
            if (@ref.Length + limit >= literal && EditDistance.Between(@ref, pattern) is var distance && distance <= limit)
            {
                (nearest, best) = (pattern.Text, distance);
            }
        }

        return nearest;
    }

    /// <summary>One line that says that nothing produces a ref.</summary>
    /// <param name="ref">The ref.</param>
    /// <param name="wantedBy">What asks for it, to follow a comma: "wanted here", "reported missing by job daily".</param>
    public string NoProducerText(string @ref, string wantedBy) => NoProducerText(@ref, @ref, wantedBy);

    /// <param name="template">The text to compare with patterns, where it is not the one to show.</param>
    internal string NoProducerText(string template, string shown, string wantedBy) =>
        Nearest(template) is { } nearest
            ? $"no job produces '{shown}', {wantedBy}. Did you mean the pattern '{nearest}'?"
            : $"no job produces '{shown}', {wantedBy}. Declare a Partition or a Source whose pattern matches it.";
}
