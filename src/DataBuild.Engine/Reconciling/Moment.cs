namespace DataBuild.Engine.Reconciling;

/// <summary>The time a decision is made at, given from outside, with the offset of the graph's time zone: intervals are compared in its wall-clock time.</summary>
public readonly record struct Moment(DateTimeOffset Now)
{
    public DateTime Local => Now.DateTime;

    /// <summary>The instant of a wall-clock time of the graph.</summary>
    public DateTimeOffset At(DateTime local) => new(DateTime.SpecifyKind(local, DateTimeKind.Unspecified), Now.Offset);
}
