using DataBuild.V1;

namespace DataBuild.Engine.State;

/// <summary>A job as it once was: its fingerprint and parts, and the event that registered it.</summary>
public sealed record JobVersion(int Index, JobFingerprint Fingerprint, ulong Offset)
{
    public string Job => Fingerprint.Job;

    /// <summary>Fingerprints begin with the number of their scheme: a new scheme is no change of data.</summary>
    public bool IsComparableTo(JobVersion other) =>
        Fingerprint.Fingerprint.Length > 0 && other.Fingerprint.Fingerprint.Length > 0
        && Fingerprint.Fingerprint[0] == other.Fingerprint.Fingerprint[0];

    /// <summary>The parts that differ from another version, by name, for people.</summary>
    public string DifferenceTo(JobVersion other)
    {
        var mine = Fingerprint.Parts.ToDictionary(part => part.Name, part => part.Fingerprint, StringComparer.Ordinal);
        var theirs = other.Fingerprint.Parts.ToDictionary(part => part.Name, part => part.Fingerprint, StringComparer.Ordinal);
        var names = mine.Keys.Union(theirs.Keys, StringComparer.Ordinal)
            .Where(name => !mine.TryGetValue(name, out var a) || !theirs.TryGetValue(name, out var b) || !a.Equals(b))
            .Order(StringComparer.Ordinal)
            .ToList();
        return names.Count switch
        {
            0 => "fingerprint",
            <= 3 => string.Join(", ", names),
            _ => $"{string.Join(", ", names.Take(3))} and {names.Count - 3} more",
        };
    }
}
