namespace DataBuild.Engine.Graph;

/// <summary>One alternative of a template's hole.</summary>
internal abstract class TemplateItem
{
    /// <summary>True if it is always exactly one value.</summary>
    public abstract bool IsScalar { get; }

    /// <summary>Its values for the ref whose placeholders are at <paramref name="slots"/>.</summary>
    public abstract ValueRun Evaluate(ReadOnlySpan<Slot> slots);
}
