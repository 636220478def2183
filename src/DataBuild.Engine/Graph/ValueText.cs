using System.Globalization;

namespace DataBuild.Engine.Graph;

/// <summary>
/// The one text of each value, and its place among all values of the kind (a <em>number</em>): an int is itself, a date counts days,
/// a month months, an hour hours since 0001-01-01, a year is itself, an enum's value is its index. Other texts of the same
/// value ("2001-1-5", "007") are not accepted, so that a ref has one spelling.
/// </summary>
internal static class ValueText
{
    public const long MaxInt = 999_999_999_999_999_999;

    /// <summary>No text of a number is longer.</summary>
    public const int MaxLength = 20;

    private const int MaxIntDigits = 18;

    /// <summary>Characters of a kind whose values are all of one length, else 0.</summary>
    public static int FixedLength(PlaceholderKind kind) => kind switch
    {
        PlaceholderKind.Year => 4,
        PlaceholderKind.Month => 7,
        PlaceholderKind.Date => 10,
        PlaceholderKind.Hour => 13,
        _ => 0,
    };

    public static bool IsTime(PlaceholderKind kind) => FixedLength(kind) > 0;

    /// <summary>How a kind's values are written, for messages.</summary>
    public static string Shape(Placeholder placeholder) => placeholder.Kind switch
    {
        PlaceholderKind.String => "text without '/'",
        PlaceholderKind.Int => "a whole number from 0 on, without leading zeros",
        PlaceholderKind.Date => "a date, yyyy-MM-dd",
        PlaceholderKind.Month => "a month, yyyy-MM",
        PlaceholderKind.Year => "a year, yyyy",
        PlaceholderKind.Hour => "an hour, yyyy-MM-ddTHH",
        PlaceholderKind.Enum => $"one of {string.Join(", ", placeholder.Values)}",
        _ => throw new ArgumentOutOfRangeException(nameof(placeholder)),
    };

    public static bool TryParse(Placeholder placeholder, ReadOnlySpan<char> text, out long number)
    {
        switch (placeholder.Kind)
        {
            case PlaceholderKind.String:
                number = 0;
                return !text.IsEmpty && !text.Contains('/');
            case PlaceholderKind.Enum:
                for (var i = 0; i < placeholder.Values.Count; i++)
                {
                    if (text.SequenceEqual(placeholder.Values[i]))
                    {
                        number = i;
                        return true;
                    }
                }

                number = 0;
                return false;
            default:
                return TryParse(placeholder.Kind, text, out number);
        }
    }

    /// <summary>For the kinds whose values are ordered by themselves: all but string and enum.</summary>
    public static bool TryParse(PlaceholderKind kind, ReadOnlySpan<char> text, out long number)
    {
        number = 0;
        switch (kind)
        {
            case PlaceholderKind.Int:
                if (text.IsEmpty || text.Length > MaxIntDigits || (text[0] == '0' && text.Length > 1))
                {
                    return false;
                }

                return TryDigits(text, out number);
            case PlaceholderKind.Year:
                return text.Length == 4 && TryDigits(text, out number) && number > 0;
            case PlaceholderKind.Month:
                if (text.Length == 7 && TryMonth(text, out var year, out var month))
                {
                    number = ((year - 1) * 12) + month - 1;
                    return true;
                }

                return false;
            case PlaceholderKind.Date:
                return text.Length == 10 && TryDay(text, out number);
            case PlaceholderKind.Hour:
                if (text.Length == 13 && text[10] == 'T' && TryDigits(text[11..], out var hour) && hour < 24 && TryDay(text[..10], out var day))
                {
                    number = (day * 24) + hour;
                    return true;
                }

                return false;
            default:
                throw new ArgumentOutOfRangeException(nameof(kind));
        }
    }

    /// <summary>Writes the text of a number of a kind that is neither string nor enum; returns its length.</summary>
    public static int Write(PlaceholderKind kind, long number, Span<char> destination)
    {
        switch (kind)
        {
            case PlaceholderKind.Int:
                return number.TryFormat(destination, out var written, provider: CultureInfo.InvariantCulture)
                    ? written
                    : throw new ArgumentException("too short", nameof(destination));
            case PlaceholderKind.Year:
                WriteDigits(number, 4, destination);
                return 4;
            case PlaceholderKind.Month:
                WriteDigits((number / 12) + 1, 4, destination);
                destination[4] = '-';
                WriteDigits((number % 12) + 1, 2, destination[5..]);
                return 7;
            case PlaceholderKind.Date:
                WriteDay(number, destination);
                return 10;
            case PlaceholderKind.Hour:
                WriteDay(number / 24, destination);
                destination[10] = 'T';
                WriteDigits(number % 24, 2, destination[11..]);
                return 13;
            default:
                throw new ArgumentOutOfRangeException(nameof(kind));
        }
    }

    public static string Format(PlaceholderKind kind, long number)
    {
        Span<char> buffer = stackalloc char[MaxLength];
        return new string(buffer[..Write(kind, number, buffer)]);
    }

    public static string Format(Placeholder placeholder, long number) =>
        placeholder.Kind == PlaceholderKind.Enum ? placeholder.Values[(int)number] : Format(placeholder.Kind, number);

    private static bool TryDay(ReadOnlySpan<char> text, out long day)
    {
        day = 0;
        if (text[7] != '-' || !TryMonth(text[..7], out var year, out var month) || !TryDigits(text[8..], out var date)
            || date < 1 || date > DateTime.DaysInMonth((int)year, (int)month))
        {
            return false;
        }

        day = new DateOnly((int)year, (int)month, (int)date).DayNumber;
        return true;
    }

    private static bool TryMonth(ReadOnlySpan<char> text, out long year, out long month)
    {
        month = 0;
        return TryDigits(text[..4], out year) && year > 0 && text[4] == '-' && TryDigits(text[5..], out month) && month is >= 1 and <= 12;
    }

    private static bool TryDigits(ReadOnlySpan<char> text, out long number)
    {
        number = 0;
        foreach (var c in text)
        {
            if (!char.IsAsciiDigit(c))
            {
                return false;
            }

            number = (number * 10) + (c - '0');
        }

        return true;
    }

    private static void WriteDay(long day, Span<char> destination)
    {
        var date = DateOnly.FromDayNumber((int)day);
        WriteDigits(date.Year, 4, destination);
        destination[4] = '-';
        WriteDigits(date.Month, 2, destination[5..]);
        destination[7] = '-';
        WriteDigits(date.Day, 2, destination[8..]);
    }

    private static void WriteDigits(long number, int count, Span<char> destination)
    {
        for (var i = count - 1; i >= 0; i--)
        {
            destination[i] = (char)('0' + (number % 10));
            number /= 10;
        }
    }
}
