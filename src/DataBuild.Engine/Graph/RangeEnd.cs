namespace DataBuild.Engine.Graph;

/// <summary>A number, or what a term computes from a placeholder.</summary>
internal readonly record struct RangeEnd(long Number, int Placeholder, Term? Term)
{
    public TermValue Evaluate(ReadOnlySpan<Slot> slots) => Term?.Evaluate(slots[Placeholder].Number) ?? new TermValue(Number, Number, 0);
}
