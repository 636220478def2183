namespace DataBuild.Engine.State;

/// <summary>What an event changed, for those who derive more from the state: cost follows what changed.</summary>
public sealed class StateChange
{
    public List<int> Refs { get; } = [];

    public bool Graph { get; set; }

    public bool Wants { get; set; }

    public bool IsEmpty => Refs.Count == 0 && !Graph && !Wants;

    public void Clear()
    {
        Refs.Clear();
        Graph = false;
        Wants = false;
    }
}
