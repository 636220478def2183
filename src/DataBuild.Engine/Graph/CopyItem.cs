namespace DataBuild.Engine.Graph;

/// <summary>The ref's own value of a placeholder.</summary>
internal sealed class CopyItem(int placeholder) : TemplateItem
{
    public override bool IsScalar => true;

    public override ValueRun Evaluate(ReadOnlySpan<Slot> slots) => ValueRun.Of(slots[placeholder]);
}
