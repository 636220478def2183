namespace DataBuild.Engine.Graph;

/// <summary>The same text for every ref.</summary>
internal sealed class TextItem(string text) : TemplateItem
{
    public string Text => text;

    public override bool IsScalar => true;

    public override ValueRun Evaluate(ReadOnlySpan<Slot> slots) => ValueRun.Of(text);
}
