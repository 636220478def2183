using System.Globalization;
using Google.Protobuf.WellKnownTypes;

namespace DataBuild.Cli.Output;

/// <summary>Durations as a project declares them: 30s, 6h, 7d.</summary>
internal static class Spans
{
    private static readonly (TimeSpan Unit, string Name)[] units =
        [(TimeSpan.FromDays(1), "d"), (TimeSpan.FromHours(1), "h"), (TimeSpan.FromMinutes(1), "m"), (TimeSpan.FromSeconds(1), "s"), (TimeSpan.FromMilliseconds(1), "ms")];

    /// <summary>In the largest unit that gives a whole number.</summary>
    public static string Text(Duration? duration)
    {
        var time = duration?.ToTimeSpan() ?? TimeSpan.Zero;
        var (unit, name) = units.FirstOrDefault(unit => time.Ticks % unit.Unit.Ticks == 0, units[^1]);
        return string.Create(CultureInfo.InvariantCulture, $"{time.Ticks / unit.Ticks}{name}");
    }
}
