using System.Globalization;

namespace DataBuild.Jobs;

/// <summary>A value that can be shifted: a year, month, date or hour, named by its start, or an int.</summary>
internal readonly record struct RefValue(PlaceholderKind Kind, DateTime Start, long Number)
{
    /// <summary>Null for a kind that cannot be shifted.</summary>
    public static RefValue? Of(Placeholder placeholder, string text) =>
        placeholder.Kind == PlaceholderKind.Int ? new RefValue(placeholder.Kind, default, long.Parse(text, CultureInfo.InvariantCulture))
        : Format(placeholder.Kind) is { } format ? new RefValue(placeholder.Kind, DateTime.ParseExact(text, format, CultureInfo.InvariantCulture), 0)
        : null;

    /// <summary>So many of its own intervals later.</summary>
    public RefValue Add(int count) => Kind switch
    {
        PlaceholderKind.Int => this with { Number = Number + count },
        PlaceholderKind.Year => this with { Start = Start.AddYears(count) },
        PlaceholderKind.Month => this with { Start = Start.AddMonths(count) },
        PlaceholderKind.Date => this with { Start = Start.AddDays(count) },
        _ => this with { Start = Start.AddHours(count) },
    };

    /// <summary>True if it comes after another of its kind.</summary>
    public bool IsAfter(RefValue other) => (Start, Number).CompareTo((other.Start, other.Number)) > 0;

    /// <summary>The larger interval that it lies in (<c>.month</c>), or another one of its kind (<c>-6d</c>); null if there is none.</summary>
    public RefValue? Step(string step)
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
            return to is { } kind && Kind != PlaceholderKind.Int && Size(kind) > Size(Kind) ? this with { Kind = kind, Start = Floor(kind) } : null;
        }

        string number = step.TrimEnd(['h', 'd', 'w', 'm', 'o', 'y']);
        if (number.Length < 2 || !int.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int count))
        {
            return null;
        }

        // Units no finer than the kind: a date has no hours to add. A month too short for the day gives its last day.
        return (step[number.Length..], Kind) switch
        {
            ("", PlaceholderKind.Int) => Add(count),
            (_, PlaceholderKind.Int) => null,
            ("h", PlaceholderKind.Hour) => this with { Start = Start.AddHours(count) },
            ("d", PlaceholderKind.Hour or PlaceholderKind.Date) => this with { Start = Start.AddDays(count) },
            ("w", PlaceholderKind.Hour or PlaceholderKind.Date) => this with { Start = Start.AddDays(7.0 * count) },
            ("mo", not PlaceholderKind.Year) => this with { Start = Start.AddMonths(count) },
            ("y", _) => this with { Start = Start.AddYears(count) },
            _ => null,
        };
    }

    /// <summary>The smaller intervals in it (<c>days</c>); null if it has none of that name.</summary>
    public IReadOnlyList<RefValue>? Parts(string member)
    {
        PlaceholderKind kind = member switch { "days" => PlaceholderKind.Date, "hours" => PlaceholderKind.Hour, _ => PlaceholderKind.Month };
        if (Kind == PlaceholderKind.Int || Size(kind) >= Size(Kind))
        {
            return null;
        }

        DateTime end = Add(1).Start;
        List<RefValue> parts = [];
        for (RefValue part = this with { Kind = kind }; part.Start < end; part = part.Add(1))
        {
            parts.Add(part);
        }

        return parts;
    }

    public override string ToString() =>
        Kind == PlaceholderKind.Int ? Number.ToString(CultureInfo.InvariantCulture) : Start.ToString(Format(Kind), CultureInfo.InvariantCulture);

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
