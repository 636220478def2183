namespace DataBuild.Faults.Tests.PowerLoss;

/// <summary>A name's file, folder or link.</summary>
internal sealed class Entry(int node, bool isFolder, string target = "")
{
    public int Node => node;

    public bool IsFolder => isFolder;

    /// <summary>Of a link; empty for others.</summary>
    public string Target => target;

    public SortedDictionary<string, Entry> Children { get; } = new(StringComparer.Ordinal);
}
