namespace DataBuild.Engine.State;

/// <summary>What an event changed, for those who derive more from the state: cost follows what changed.</summary>
public sealed class StateChange
{
    public List<int> Refs { get; } = [];

    /// <summary>Jobs that were quarantined or may be run again.</summary>
    public List<string> Jobs { get; } = [];

    public bool Graph { get; set; }

    /// <summary>Wants that were made: they are added to what is wanted.</summary>
    public List<string> NewWants { get; } = [];

    /// <summary>Something is no longer wanted, or wanted otherwise: what is wanted has to be found anew.</summary>
    public bool WantsGone { get; set; }

    public bool IsEmpty => Refs.Count == 0 && Jobs.Count == 0 && !Graph && NewWants.Count == 0 && !WantsGone;

    public void Clear()
    {
        Refs.Clear();
        Jobs.Clear();
        Graph = false;
        NewWants.Clear();
        WantsGone = false;
    }
}
