namespace DataBuild.Engine.Graph;

/// <summary>A value computed from one of the ref's, or a range of finer ones; nothing past the ends of the calendar or below 0.</summary>
internal sealed class TermItem(int placeholder, Term term) : TemplateItem
{
    public override bool IsScalar => !term.IsRange;

    public override ValueRun Evaluate(ReadOnlySpan<Slot> slots)
    {
        var value = term.Evaluate(slots[placeholder].Number);
        return value.Beyond == 0 ? ValueRun.Of(term.Kind, value.Low, value.High) : ValueRun.None;
    }
}
