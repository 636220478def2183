namespace DataBuild.Engine.Reconciling;

/// <summary>The time a decision is made at, given from outside, with the offset of the graph's time zone: intervals are compared in its wall-clock time.</summary>
public readonly record struct Moment(DateTimeOffset Now)
{
    public DateTime Local => Now.DateTime;

    /// <summary>The instant of a wall-clock time of the graph.</summary>
    public DateTimeOffset At(DateTime local) => Within(local.Ticks - Now.Offset.Ticks);

    /// <summary>An instant some time later; the last one there is where it would be later than that.</summary>
    public static DateTimeOffset Later(DateTimeOffset instant, TimeSpan by) =>
        Within(by.Ticks > DateTimeOffset.MaxValue.Ticks - instant.UtcTicks ? long.MaxValue : instant.UtcTicks + by.Ticks);

    private static DateTimeOffset Within(long utcTicks) => new(Math.Clamp(utcTicks, 0, DateTimeOffset.MaxValue.Ticks), TimeSpan.Zero);
}
