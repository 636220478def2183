namespace DataBuild.Engine.Graph;

/// <summary>One or more values of a hole, for one ref: a text, a stretch of the ref itself, or a range of numbers.</summary>
/// <param name="Text">Null unless it is this text.</param>
/// <param name="Copy">Where in the ref, unless <paramref name="Text"/> is set or <paramref name="IsRange"/>.</param>
/// <param name="IsRange">It is <paramref name="Low"/> to <paramref name="High"/>; none if inverted.</param>
internal readonly record struct ValueRun(string? Text, Slot Copy, bool IsRange, PlaceholderKind Kind, long Low, long High)
{
    public static ValueRun None { get; } = Of(default(PlaceholderKind), 1, 0);

    public long Count => IsRange ? Math.Max(0, High - Low + 1) : 1;

    public static ValueRun Of(string text) => new(text, default, false, default, 0, 0);

    public static ValueRun Of(Slot copy) => new(null, copy, false, default, 0, 0);

    public static ValueRun Of(PlaceholderKind kind, long low, long high) => new(null, default, true, kind, low, high);
}
