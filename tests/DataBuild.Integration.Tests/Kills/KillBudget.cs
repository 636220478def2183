namespace DataBuild.Integration.Tests.Kills;

/// <summary>How many kills are left for all projects together, and what was hit so far. For any number of threads.</summary>
internal sealed class KillBudget(int kills)
{
    private readonly Lock gate = new();
    private readonly int[] hits = new int[Enum.GetValues<KillPhase>().Length];
    private readonly int[] aimed = new int[Enum.GetValues<KillPhase>().Length];
    private readonly int[] missed = new int[Enum.GetValues<KillPhase>().Length];
    private int left = kills;

    public int Done { get; private set; }

    /// <summary>False if none is left.</summary>
    public bool TryTake()
    {
        lock (gate)
        {
            return left > 0 && left-- > 0;
        }
    }

    /// <summary>The engine had ended before.</summary>
    public void GiveBack()
    {
        lock (gate)
        {
            left++;
        }
    }

    public void Hit(KillPhase phase, KillPhase? wanted)
    {
        lock (gate)
        {
            hits[(int)phase]++;
            Done++;
            if (wanted is { } aim)
            {
                aimed[(int)aim]++;
                missed[(int)aim] += phase == aim ? 0 : 1;
            }
        }
    }

    public bool IsSpent
    {
        get
        {
            lock (gate)
            {
                return left == 0;
            }
        }
    }

    /// <summary>Half of all kills are at random moments; the others at what was hit least, of what can be hit.</summary>
    public KillPhase? Aim(Random random, Func<KillPhase, bool> isPossible)
    {
        if (random.Next(2) == 0)
        {
            return null;
        }

        lock (gate)
        {
            return Enum.GetValues<KillPhase>().Where(isPossible).OrderBy(phase => hits[(int)phase]).First();
        }
    }

    public int Of(KillPhase phase)
    {
        lock (gate)
        {
            return hits[(int)phase];
        }
    }

    public override string ToString() => string.Join(", ", Enum.GetValues<KillPhase>().Select(phase => $"{phase} {Of(phase)}"))
        + "; aimed at and missed: "
        + string.Join(", ", Enum.GetValues<KillPhase>().Where(phase => missed[(int)phase] > 0).Select(phase => $"{phase} {missed[(int)phase]} of {aimed[(int)phase]}"));
}
