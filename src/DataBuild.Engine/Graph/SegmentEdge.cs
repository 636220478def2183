namespace DataBuild.Engine.Graph;

/// <summary>A step of a <see cref="SegmentAutomaton"/>.</summary>
/// <param name="Character">What is read; '\0' for any character of a string.</param>
/// <param name="Target">The state it leads to.</param>
/// <param name="Written">The character before it was upper-cased.</param>
internal readonly record struct SegmentEdge(char Character, int Target, char Written)
{
    public bool IsAny => Character == '\0';
}
