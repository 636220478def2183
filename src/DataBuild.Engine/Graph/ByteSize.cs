using System.Globalization;

namespace DataBuild.Engine.Graph;

/// <summary>Sizes as declared: a whole number and a unit of powers of 1,024, <c>512MB 4GB 1TB</c>, with or without the B; less than 8 EB.</summary>
public static class ByteSize
{
    /// <summary>Units for messages.</summary>
    public const string Hint = "write it as 512MB, 4GB or 1TB";

    public static bool TryParse(string text, out long bytes)
    {
        bytes = 0;
        var digits = text.AsSpan().IndexOfAnyExceptInRange('0', '9');
        if (digits <= 0 || !long.TryParse(text.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }

        var shift = text[digits..] switch
        {
            "B" => 0,
            "K" or "KB" => 10,
            "M" or "MB" => 20,
            "G" or "GB" => 30,
            "T" or "TB" => 40,
            _ => -1,
        };
        if (shift < 0 || number > long.MaxValue >> shift)
        {
            return false;
        }

        bytes = number << shift;
        return true;
    }

    /// <summary>In the largest unit that it is a whole number of.</summary>
    public static string Format(long bytes)
    {
        foreach (var (shift, unit) in (ReadOnlySpan<(int, string)>)[(40, "TB"), (30, "GB"), (20, "MB"), (10, "KB")])
        {
            if (bytes > 0 && bytes % (1L << shift) == 0)
            {
                return string.Create(CultureInfo.InvariantCulture, $"{bytes >> shift}{unit}");
            }
        }

        return string.Create(CultureInfo.InvariantCulture, $"{bytes}B");
    }
}
