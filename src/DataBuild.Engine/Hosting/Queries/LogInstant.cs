using System.Globalization;
using DataBuild.Engine.Diagnostics;

namespace DataBuild.Engine.Hosting.Queries;

/// <summary>A place in a log as people give it: an event's offset, or a time in UTC.</summary>
public sealed record LogInstant(ulong Offset, DateTimeOffset? Time)
{
    public static LogInstant Begin { get; } = new(1, null);

    public static LogInstant Parse(string text)
    {
        if (ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong offset))
        {
            return new LogInstant(offset, null);
        }

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? new LogInstant(1, time)
            : throw new DataBuildException(Rules.NoSuchInstant, $"--since {text}: this is neither an event's offset nor a time; write 120, 2001-02-14 or 2001-02-14T06:30 (UTC)");
    }
}
