namespace DataBuild.Engine.Graph;

/// <summary>Where a placeholder's value stands in a text.</summary>
/// <param name="Start">First character.</param>
/// <param name="Length">How many.</param>
/// <param name="Number">As in <see cref="ValueText"/>; -1 where a hole stands in its place.</param>
internal readonly record struct Slot(int Start, int Length, long Number)
{
    public ReadOnlySpan<char> In(ReadOnlySpan<char> text) => text.Slice(Start, Length);
}
