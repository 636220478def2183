using System.Globalization;

namespace DataBuild.Jobs;

/// <summary>A year, month, date or hour: an interval, named by its start.</summary>
internal readonly record struct TimeValue(PlaceholderKind Kind, DateTime Start)
{
    public static TimeValue? Of(Placeholder placeholder, string text) =>
        Format(placeholder.Kind) is { } format
            ? new TimeValue(placeholder.Kind, DateTime.ParseExact(text, format, CultureInfo.InvariantCulture))
            : null;

    /// <summary>So many of its own intervals later.</summary>
    public TimeValue Add(int count) => this with
    {
        Start = Kind switch
        {
            PlaceholderKind.Year => Start.AddYears(count),
            PlaceholderKind.Month => Start.AddMonths(count),
            PlaceholderKind.Date => Start.AddDays(count),
            _ => Start.AddHours(count),
        },
    };

    /// <summary>The larger interval that it lies in (<c>.month</c>), or another one of its kind (<c>-6d</c>); null if there is none.</summary>
    public TimeValue? Step(string step)
    {
        if (step[0] == '.')
        {
            PlaceholderKind? to = step switch
            {
                ".date" => PlaceholderKind.Date,
                ".month" => PlaceholderKind.Month,
                ".year" => PlaceholderKind.Year,
                _ => null,
            };
            return to is { } kind && Size(kind) > Size(Kind) ? new TimeValue(kind, Floor(kind)) : null;
        }

        if (step.Length < 3 || !int.TryParse(step[..^1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int count))
        {
            return null;
        }

        // Units no finer than the kind: a date has no hours to add.
        return (Kind, step[^1]) switch
        {
            (PlaceholderKind.Hour, 'h') or (PlaceholderKind.Date, 'd') or (PlaceholderKind.Month, 'm') or (PlaceholderKind.Year, 'y') => Add(count),
            (PlaceholderKind.Hour, 'd') => this with { Start = Start.AddDays(count) },
            _ => null,
        };
    }

    /// <summary>The smaller intervals in it.</summary>
    public IEnumerable<TimeValue> Parts(string member, Func<Exception> none)
    {
        PlaceholderKind kind = member switch { "days" => PlaceholderKind.Date, "hours" => PlaceholderKind.Hour, _ => PlaceholderKind.Month };
        if (Size(kind) >= Size(Kind))
        {
            throw none();
        }

        DateTime end = Add(1).Start;
        List<TimeValue> parts = [];
        for (var part = new TimeValue(kind, Start); part.Start < end; part = part.Add(1))
        {
            parts.Add(part);
        }

        return parts;
    }

    public override string ToString() => Start.ToString(Format(Kind), CultureInfo.InvariantCulture);

    private static string? Format(PlaceholderKind kind) => kind switch
    {
        PlaceholderKind.Date => PlaceholderFormat.Date,
        PlaceholderKind.Month => PlaceholderFormat.Month,
        PlaceholderKind.Year => PlaceholderFormat.Year,
        PlaceholderKind.Hour => PlaceholderFormat.Hour,
        _ => null,
    };

    private static int Size(PlaceholderKind kind) => kind switch
    {
        PlaceholderKind.Hour => 0,
        PlaceholderKind.Date => 1,
        PlaceholderKind.Month => 2,
        _ => 3,
    };

    private DateTime Floor(PlaceholderKind kind) => kind switch
    {
        PlaceholderKind.Year => new DateTime(Start.Year, 1, 1),
        PlaceholderKind.Month => new DateTime(Start.Year, Start.Month, 1),
        _ => Start.Date,
    };
}
