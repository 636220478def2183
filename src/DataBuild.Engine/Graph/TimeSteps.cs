namespace DataBuild.Engine.Graph;

/// <summary>
/// Reads a year, month, date or hour character by character, remembering no more than what later characters depend on (whether
/// the year is a leap year, how long the month is), so that the calendar becomes an automaton of about a hundred states.
/// </summary>
internal static class TimeSteps
{
    /// <summary>Null where no value goes on like that.</summary>
    public static (int Position, int Info)? Next((int Position, int Info) from, char c)
    {
        var (position, info) = from;
        if (position is 4 or 7)
        {
            return c == '-' ? (position + 1, info) : null;
        }

        if (position == 10)
        {
            return c == 'T' ? (11, 0) : null;
        }

        if (!char.IsAsciiDigit(c))
        {
            return null;
        }

        var digit = c - '0';
        return position switch
        {
            0 => (1, digit),
            1 => (2, Century((info * 10) + digit)),
            2 => (3, (info * 10) + digit),
            3 => Year(info / 10, (info % 10 * 10) + digit),
            5 => digit <= 1 ? (6, (info * 2) + digit) : null,
            6 => Month(info / 2 == 1, (info % 2 * 10) + digit),
            8 => digit <= 3 ? (9, (info * 4) + digit) : null,
            9 => (info % 4 * 10) + digit is var day && day >= 1 && day <= info / 4 ? (10, 0) : null,
            11 => digit <= 2 ? (12, digit) : null,
            12 => (info * 10) + digit < 24 ? (13, 0) : null,
            _ => throw new ArgumentOutOfRangeException(nameof(from)),
        };
    }

    // Of the first two digits only this matters: 0 the century 00, 1 one whose first year is a leap year, 2 another.
    private static int Century(int century) => century == 0 ? 0 : century % 4 == 0 ? 1 : 2;

    private static (int Position, int Info)? Year(int century, int year)
    {
        if (century == 0 && year == 0)
        {
            return null;
        }

        var leap = year == 0 ? century == 1 : year % 4 == 0;
        return (4, leap ? 1 : 0);
    }

    private static (int Position, int Info)? Month(bool leap, int month) =>
        month is >= 1 and <= 12 ? (7, DateTime.DaysInMonth(leap ? 2000 : 2001, month)) : null;
}
