namespace DataBuild.Engine.Graph;

/// <summary>
/// Arithmetic on the numbers of <see cref="ValueText"/>, by the calendar alone: a wall clock without zones or leap seconds, every day
/// with 24 hours. Shifting a date or hour by months or years keeps the day of the month, or takes the month's last day where
/// it is shorter (2001-03-31 less a month is 2001-02-28). Null where the result would leave the years 1 to 9999.
/// </summary>
internal static class Calendar
{
    private const long LastDay = 3_652_058;

    /// <summary>The greatest number of a kind.</summary>
    public static long Max(PlaceholderKind kind) => kind switch
    {
        PlaceholderKind.Int => ValueText.MaxInt,
        PlaceholderKind.Year => 9999,
        PlaceholderKind.Month => (9999 * 12) - 1,
        PlaceholderKind.Date => LastDay,
        PlaceholderKind.Hour => (LastDay * 24) + 23,
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    public static long Min(PlaceholderKind kind) => kind == PlaceholderKind.Year ? 1 : 0;

    /// <summary>True if a value of the kind can be shifted by the unit: by its own length or longer.</summary>
    public static bool Takes(PlaceholderKind kind, TimeUnit unit) => kind switch
    {
        PlaceholderKind.Int => unit == TimeUnit.None,
        PlaceholderKind.Hour => unit >= TimeUnit.Hour,
        PlaceholderKind.Date => unit >= TimeUnit.Day,
        PlaceholderKind.Month => unit >= TimeUnit.Month,
        PlaceholderKind.Year => unit == TimeUnit.Year,
        _ => false,
    };

    public static long? Add(PlaceholderKind kind, long number, long amount, TimeUnit unit)
    {
        // Far more than any calendar holds; keeps the products below from overflowing.
        if (Math.Abs(amount) > ValueText.MaxInt || (unit != TimeUnit.None && Math.Abs(amount) > 1_000_000_000))
        {
            return null;
        }

        var hoursOrDays = kind == PlaceholderKind.Hour ? 24 : 1;
        long? result = unit switch
        {
            TimeUnit.None or TimeUnit.Hour => number + amount,
            TimeUnit.Day => number + (amount * hoursOrDays),
            TimeUnit.Week => number + (amount * 7 * hoursOrDays),
            TimeUnit.Month => AddMonths(kind, number, amount),
            TimeUnit.Year => kind == PlaceholderKind.Year ? number + amount : AddMonths(kind, number, amount * 12),
            _ => throw new ArgumentOutOfRangeException(nameof(unit)),
        };
        return result < Min(kind) || result > Max(kind) ? null : result;
    }

    /// <summary>The value of a time kind that holds a day's first hour.</summary>
    public static long Of(PlaceholderKind kind, DateOnly day) => kind == PlaceholderKind.Hour
        ? day.DayNumber * 24L
        : Coarsen(PlaceholderKind.Date, kind, day.DayNumber);

    /// <summary>The month of a date, the date of an hour, and so on.</summary>
    public static long Coarsen(PlaceholderKind from, PlaceholderKind to, long number)
    {
        if (from == to)
        {
            return number;
        }

        if (from == PlaceholderKind.Month)
        {
            return (number / 12) + 1;
        }

        var day = from == PlaceholderKind.Hour ? number / 24 : number;
        if (to == PlaceholderKind.Date)
        {
            return day;
        }

        var date = DateOnly.FromDayNumber((int)day);
        return to == PlaceholderKind.Month ? ((date.Year - 1) * 12) + date.Month - 1 : date.Year;
    }

    /// <summary>The first and the last of the finer values within one: the days of a month.</summary>
    public static (long First, long Last) Refine(PlaceholderKind from, PlaceholderKind to, long number) =>
        (First(from, to, number), number == Max(from) ? Max(to) : First(from, to, number + 1) - 1);

    /// <summary>The end of the interval that a value of a time kind names, which is the next one's begin.</summary>
    public static DateTime IntervalEnd(PlaceholderKind kind, long number) =>
        number == Max(kind)
            ? DateTime.MaxValue
            : new DateTime(First(kind, PlaceholderKind.Hour, number + 1) * TimeSpan.TicksPerHour, DateTimeKind.Unspecified);

    private static long First(PlaceholderKind from, PlaceholderKind to, long number)
    {
        if (from == to)
        {
            return number;
        }

        if (to == PlaceholderKind.Month)
        {
            return (number - 1) * 12;
        }

        var day = from switch
        {
            PlaceholderKind.Year => new DateOnly((int)number, 1, 1).DayNumber,
            PlaceholderKind.Month => new DateOnly((int)(number / 12) + 1, (int)(number % 12) + 1, 1).DayNumber,
            _ => number,
        };
        return to == PlaceholderKind.Hour ? day * 24 : day;
    }

    private static long? AddMonths(PlaceholderKind kind, long number, long months)
    {
        if (kind == PlaceholderKind.Month)
        {
            return number + months;
        }

        var perDay = kind == PlaceholderKind.Hour ? 24 : 1;
        var date = DateOnly.FromDayNumber((int)(number / perDay));
        var month = ((date.Year - 1) * 12) + date.Month - 1 + months;
        if (month < 0 || month > Max(PlaceholderKind.Month))
        {
            return null;
        }

        var (year, zeroBased) = ((int)(month / 12) + 1, (int)(month % 12));
        var day = Math.Min(date.Day, DateTime.DaysInMonth(year, zeroBased + 1));
        return (new DateOnly(year, zeroBased + 1, day).DayNumber * (long)perDay) + (number % perDay);
    }
}
