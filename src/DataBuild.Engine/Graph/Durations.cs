using System.Globalization;

namespace DataBuild.Engine.Graph;

/// <summary>Durations as declared: a whole number and a unit, <c>500ms 30s 10m 6h 7d 2w</c>; at most 100 years.</summary>
public static class Durations
{
    /// <summary>Units for messages.</summary>
    public const string Hint = "write it as 500ms, 30s, 10m, 6h, 7d or 2w";

    private static readonly TimeSpan Max = TimeSpan.FromDays(36_525);

    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        var digits = text.AsSpan().IndexOfAnyExceptInRange('0', '9');
        if (digits <= 0 || !long.TryParse(text.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }

        long unit = text[digits..] switch
        {
            "ms" => TimeSpan.TicksPerMillisecond,
            "s" => TimeSpan.TicksPerSecond,
            "m" => TimeSpan.TicksPerMinute,
            "h" => TimeSpan.TicksPerHour,
            "d" => TimeSpan.TicksPerDay,
            "w" => TimeSpan.TicksPerDay * 7,
            _ => 0,
        };
        if (unit == 0 || number > Max.Ticks / unit)
        {
            return false;
        }

        duration = new TimeSpan(number * unit);
        return true;
    }

    /// <summary>In the largest unit that it is a whole number of; what was declared in weeks is in days.</summary>
    public static string Format(TimeSpan duration)
    {
        foreach (var (ticks, unit) in (ReadOnlySpan<(long, string)>)
            [(TimeSpan.TicksPerDay, "d"), (TimeSpan.TicksPerHour, "h"), (TimeSpan.TicksPerMinute, "m"), (TimeSpan.TicksPerSecond, "s")])
        {
            if (duration.Ticks % ticks == 0)
            {
                return string.Create(CultureInfo.InvariantCulture, $"{duration.Ticks / ticks}{unit}");
            }
        }

        return string.Create(CultureInfo.InvariantCulture, $"{duration.Ticks / TimeSpan.TicksPerMillisecond}ms");
    }
}
