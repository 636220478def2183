using System.Diagnostics;

namespace DataBuild.Engine.Execution.Processes;

/// <summary>A point on the monotonic clock, which no change of the wall clock moves; or none at all.</summary>
internal readonly struct Deadline
{
    private readonly long _timestamp;

    private Deadline(long timestamp) => _timestamp = timestamp;

    public static Deadline Never { get; } = new(long.MaxValue);

    public bool IsPast => _timestamp != long.MaxValue && Stopwatch.GetTimestamp() >= _timestamp;

    /// <summary>Null if it never comes.</summary>
    public TimeSpan? Left => _timestamp == long.MaxValue
        ? null
        : TimeSpan.FromTicks(Math.Max(0, (long)((_timestamp - Stopwatch.GetTimestamp()) * ((double)TimeSpan.TicksPerSecond / Stopwatch.Frequency))));

    public static Deadline After(TimeSpan? time)
    {
        if (time is not { } span)
        {
            return Never;
        }

        var ticks = span.TotalSeconds * Stopwatch.Frequency;
        var now = Stopwatch.GetTimestamp();
        return ticks >= long.MaxValue - now ? Never : new Deadline(now + (long)ticks);
    }
}
