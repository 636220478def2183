using DataBuild.Engine.Diagnostics;
using DataBuild.V1;

namespace DataBuild.Engine.Graph;

/// <summary>
/// All refs of one pattern: partitions of one job, or sources. Methods that take a ref take one of this family, as
/// <see cref="GraphLookup.Find(string)"/> gives it; any other is an <see cref="ArgumentException"/>.
/// </summary>
public sealed class Family
{
    private RefTemplate[] _needs = [];
    private RefTemplate? _path;
    private int[] _batchBy = [];

    internal Family()
    {
    }

    /// <summary>Place in <see cref="GraphLookup.Families"/>.</summary>
    public required int Index { get; init; }

    public required PartitionPattern Pattern { get; init; }

    /// <summary>Null for a source.</summary>
    public required Job? Job { get; init; }

    public bool IsSource => Job is null;

    /// <summary>A ref may be made before its interval has ended.</summary>
    public required bool Early { get; init; }

    /// <summary>How long a partition is kept; null for ever.</summary>
    public required TimeSpan? Retention { get; init; }

    public required Origin Origin { get; init; }

    /// <summary>False if no ref of the family needs anything.</summary>
    public bool HasNeeds => _needs.Length > 0;

    /// <summary>
    /// The refs that a ref needs, each once, in declared order. Whether each has a producer is for the caller to find out: a value may pick a
    /// ref that no family matches. What would lie before year 1, after year 9999 or below 0 is not needed, so <c>{n-1}</c> ends at 0.
    /// Throws <see cref="DataBuildException"/> for more than a million refs.
    /// </summary>
    public IReadOnlyList<string> Needs(string @ref)
    {
        if (_needs.Length == 0)
        {
            return [];
        }

        Span<Slot> slots = stackalloc Slot[PartitionPattern.MaxPlaceholders];
        Match(@ref, slots);
        if (_needs is [{ IsScalar: true } one])
        {
            return one.Fill(@ref, slots) is { } need ? [need] : [];
        }

        List<string> refs = [];
        foreach (var need in _needs)
        {
            need.Expand(@ref, slots, refs);
        }

        return refs.Count > 1 && (_needs.Length > 1 || !_needs[0].IsDistinct) ? [.. refs.Distinct(StringComparer.Ordinal)] : refs;
    }

    /// <summary>
    /// The end of the interval that the ref's time placeholders name (the latest of several), as a wall clock of the graph's time zone; null
    /// if it has none. The end of the year 9999 is <see cref="DateTime.MaxValue"/>.
    /// </summary>
    public DateTime? IntervalEnd(string @ref)
    {
        Span<Slot> slots = stackalloc Slot[PartitionPattern.MaxPlaceholders];
        Match(@ref, slots);
        DateTime? latest = null;
        for (var i = 0; i < Pattern.Placeholders.Count; i++)
        {
            if (ValueText.IsTime(Pattern.Placeholders[i].Kind))
            {
                var end = Calendar.IntervalEnd(Pattern.Placeholders[i].Kind, slots[i].Number);
                latest = latest > end ? latest : end;
            }
        }

        return latest;
    }

    /// <summary>
    /// The file or folder that a source's ref stands for, relative to the project's folder (or absolute, if declared so). The declaration may
    /// lead out of that folder, a value may not: throws <see cref="DataBuildException"/> where one would be a segment <c>..</c>.
    /// </summary>
    public string SourcePath(string @ref)
    {
        if (_path is null)
        {
            throw new InvalidOperationException($"'{Pattern}' is no source");
        }

        Span<Slot> slots = stackalloc Slot[PartitionPattern.MaxPlaceholders];
        Match(@ref, slots);
        var path = _path.Fill(@ref, slots)
            ?? throw new DataBuildException(Rules.TimeOutOfRange, $"the path '{_path.Text}' of source '{@ref}' leads out of the years 1 to 9999", Origin);
        var declared = _path.Text.Split('/');
        var segments = path.Split('/');
        for (var i = 0; i < segments.Length; i++)
        {
            // No value holds '/', so the segments of both texts are the same ones.
            if (segments[i] is "." or ".." or "" && declared[i].Contains('{', StringComparison.Ordinal))
            {
                throw new DataBuildException(
                    Rules.BadSourcePath, $"the source '{@ref}' stands for the path '{path}', whose segment '{segments[i]}' comes from a value; give its pattern a narrower type", Origin);
            }
        }

        return path;
    }

    /// <summary>Equal for refs that may share a batch, as far as the job's <see cref="Job.BatchBy"/> goes; empty without it.</summary>
    public string BatchGroup(string @ref)
    {
        if (_batchBy.Length == 0)
        {
            return "";
        }

        Span<Slot> slots = stackalloc Slot[PartitionPattern.MaxPlaceholders];
        Match(@ref, slots);
        if (_batchBy.Length == 1)
        {
            return slots[_batchBy[0]].In(@ref).ToString();
        }

        var writer = new RefWriter(stackalloc char[PartitionRef.MaxBytes + PartitionPattern.MaxPlaceholders]);
        foreach (var index in _batchBy)
        {
            // No value holds '/', so different values never give one group.
            writer.Append(slots[index].In(@ref));
            writer.Append("/");
        }

        return writer.ToString();
    }

    public override string ToString() => Pattern.Text;

    internal void SetNeeds(RefTemplate[] needs) => _needs = needs;

    internal void SetPath(RefTemplate path) => _path = path;

    internal void SetBatchBy(int[] placeholders) => _batchBy = placeholders;

    internal void Match(string @ref, Span<Slot> slots)
    {
        if (!Pattern.TryMatch(@ref, slots))
        {
            throw new ArgumentException($"'{@ref}' is not of the family '{Pattern}'", nameof(@ref));
        }
    }
}
