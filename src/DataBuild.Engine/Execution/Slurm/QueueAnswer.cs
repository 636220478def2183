namespace DataBuild.Engine.Execution.Slurm;

/// <summary>All that Slurm lists of this log's runs at one time.</summary>
internal sealed class QueueAnswer
{
    private readonly Dictionary<(string BatchId, int Index), List<QueueEntry>> _entries = [];

    public QueueAnswer(string text)
    {
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (QueueEntry.Parse(line) is { } entry)
            {
                if (!_entries.TryGetValue((entry.BatchId, entry.Index), out var same))
                {
                    _entries.Add((entry.BatchId, entry.Index), same = []);
                }

                same.Add(entry);
            }
        }
    }

    /// <summary>Every job that was ever submitted for the run and that Slurm still lists.</summary>
    public List<QueueEntry> Of(IEnumerable<(string BatchId, int Index)> places) =>
        [.. places.SelectMany(place => _entries.GetValueOrDefault(place) ?? [])];
}
