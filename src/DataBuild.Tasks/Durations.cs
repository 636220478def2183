using System.Globalization;
using System.Text.RegularExpressions;

namespace DataBuild.Tasks;

/// <summary>Durations of properties: a number and one of ms, s, m, h, d. A bare 0 is no time in any unit.</summary>
internal static class Durations
{
    private const int MostDays = 36_500;

    private static readonly Regex Form = new("^([0-9]{1,9})(ms|s|m|h|d)$", RegexOptions.CultureInvariant);

    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        if (text == "0")
        {
            return true;
        }

        var match = Form.Match(text);
        if (!match.Success)
        {
            return false;
        }

        var number = long.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
        duration = match.Groups[2].Value switch
        {
            "ms" => TimeSpan.FromMilliseconds(number),
            "s" => TimeSpan.FromSeconds(number),
            "m" => TimeSpan.FromMinutes(number),
            "h" => TimeSpan.FromHours(number),
            _ => number <= MostDays ? TimeSpan.FromDays(number) : TimeSpan.MaxValue,
        };
        return duration <= TimeSpan.FromDays(MostDays);
    }
}
