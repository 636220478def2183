using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace DataBuild.Jobs;

/// <summary>A calendar month, written <c>yyyy-MM</c>: the value of a <c>{month}</c> placeholder.</summary>
public readonly record struct Month : IComparable<Month>, IFormattable
{
    /// <summary>A month of a year.</summary>
    /// <param name="year">1 to 9999.</param>
    /// <param name="number">1 to 12.</param>
    public Month(int year, int number) => First = new DateOnly(year, number, 1);

    /// <summary>The first day.</summary>
    public DateOnly First { get; }

    /// <summary>The last day.</summary>
    public DateOnly Last => First.AddDays(DateTime.DaysInMonth(Year, Number) - 1);

    /// <summary>The year.</summary>
    public int Year => First.Year;

    /// <summary>1 for January to 12 for December.</summary>
    public int Number => First.Month;

    /// <summary>All days, in order.</summary>
    public IReadOnlyList<DateOnly> Days
    {
        get
        {
            var days = new DateOnly[DateTime.DaysInMonth(Year, Number)];
            for (int i = 0; i < days.Length; i++)
            {
                days[i] = First.AddDays(i);
            }

            return days;
        }
    }

    /// <summary>The month that a day lies in.</summary>
    /// <param name="day">Any day of it.</param>
    public static Month Of(DateOnly day) => new(day.Year, day.Month);

    /// <summary>Reads <c>yyyy-MM</c>.</summary>
    /// <param name="text">What to read.</param>
    /// <param name="month">What was read.</param>
    /// <returns>False if it isn't one.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, out Month month)
    {
        if (DateOnly.TryParseExact(text, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly first))
        {
            month = Of(first);
            return true;
        }

        month = default;
        return false;
    }

    /// <summary>Another month.</summary>
    /// <param name="months">How many months later; negative for earlier.</param>
    public Month AddMonths(int months) => Of(First.AddMonths(months));

    /// <inheritdoc/>
    public int CompareTo(Month other) => First.CompareTo(other.First);

    /// <summary><c>yyyy-MM</c>.</summary>
    public override string ToString() => First.ToString("yyyy-MM", CultureInfo.InvariantCulture);

    /// <summary>Its first day in a format for dates; <c>yyyy-MM</c> unless given.</summary>
    /// <param name="format">A format for dates.</param>
    /// <param name="formatProvider">The invariant culture unless given.</param>
    public string ToString(string? format, IFormatProvider? formatProvider) =>
        First.ToString(format ?? "yyyy-MM", formatProvider ?? CultureInfo.InvariantCulture);

    /// <summary>True if the left month is earlier.</summary>
    /// <param name="left">One month.</param>
    /// <param name="right">The other.</param>
    public static bool operator <(Month left, Month right) => left.First < right.First;

    /// <summary>True if the left month is later.</summary>
    /// <param name="left">One month.</param>
    /// <param name="right">The other.</param>
    public static bool operator >(Month left, Month right) => left.First > right.First;

    /// <summary>True if the left month is not later.</summary>
    /// <param name="left">One month.</param>
    /// <param name="right">The other.</param>
    public static bool operator <=(Month left, Month right) => left.First <= right.First;

    /// <summary>True if the left month is not earlier.</summary>
    /// <param name="left">One month.</param>
    /// <param name="right">The other.</param>
    public static bool operator >=(Month left, Month right) => left.First >= right.First;
}
