namespace DataBuild.Engine.Execution.Slurm;

/// <summary>Pauses between tries while something does not answer: each about twice the one before, never the same for two engines.</summary>
internal sealed class BackOff(TimeSpan first, TimeSpan longest)
{
    private int _failures;

    /// <summary>Something is wrong at present.</summary>
    public bool IsOn => _failures > 0;

    public void Clear() => _failures = 0;

    /// <summary>The pause after one more failure.</summary>
    public TimeSpan Next()
    {
        var pause = first * Math.Pow(2, Math.Min(_failures++, 16));
        return (pause < longest ? pause : longest) * (0.75 + (Random.Shared.NextDouble() / 2));
    }
}
