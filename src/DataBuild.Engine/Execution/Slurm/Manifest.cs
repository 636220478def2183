namespace DataBuild.Engine.Execution.Slurm;

/// <summary>
/// Which runs a batch holds: the run of array index n in its line n + 2, below a line with a number used once, by which a job sees that the
/// folder is the engine's. It is on disk before Slurm is given the batch, whose comment is the batch's id: so whoever asks Slurm later knows
/// which run each job is, whatever number Slurm gave it.
/// </summary>
internal sealed record Manifest(string BatchId, string Nonce, IReadOnlyList<string> RunIds)
{
    public static Manifest New(IReadOnlyList<string> runIds) => new(Guid.CreateVersion7().ToString("N"), Guid.NewGuid().ToString("N"), runIds);

    public string Text => Nonce + "\n" + string.Concat(RunIds.Select(id => id + "\n"));

    /// <summary>Null where the text was cut: such a batch was never handed over.</summary>
    public static Manifest? Parse(string batchId, string text)
    {
        var lines = text.Split('\n');
        return lines.Length >= 3 && lines[^1].Length == 0 ? new Manifest(batchId, lines[0], lines[1..^1]) : null;
    }
}
