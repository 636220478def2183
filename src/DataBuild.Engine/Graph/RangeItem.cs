namespace DataBuild.Engine.Graph;

/// <summary>From one end to the other, both included; nothing where the ends are inverted for this ref.</summary>
internal sealed class RangeItem(PlaceholderKind kind, RangeEnd low, RangeEnd high) : TemplateItem
{
    public override bool IsScalar => false;

    public override ValueRun Evaluate(ReadOnlySpan<Slot> slots) =>
        ValueRun.Of(kind, low.Evaluate(slots).LowEnd(kind), high.Evaluate(slots).HighEnd(kind));
}
