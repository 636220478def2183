using System.Globalization;

namespace Flights;

/// <summary>One row: what happened to a flight.</summary>
readonly record struct Flight(string Origin, int DelayMinutes)
{
    public const string Header = "departure,origin,destination,distance_mi,delay_min";

    /// <summary>False, and what is wrong, if any column is not what it should be.</summary>
    public static bool TryParse(string line, out Flight flight, out string fault)
    {
        flight = default;
        int delay = 0;
        string[] columns = line.Split(',');
        fault =
            columns.Length != 5 ? $"{columns.Length} columns, not 5" :
            !DateTime.TryParseExact(columns[0], "yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out _) ? $"departure '{columns[0]}'" :
            !IsAirport(columns[1]) ? $"origin '{columns[1]}'" :
            !IsAirport(columns[2]) ? $"destination '{columns[2]}'" :
            !int.TryParse(columns[3], NumberStyles.None, CultureInfo.InvariantCulture, out _) ? $"distance '{columns[3]}'" :
            !int.TryParse(columns[4], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out delay) ? $"delay '{columns[4]}'" :
            "";
        if (fault.Length > 0)
        {
            return false;
        }

        flight = new Flight(columns[1], delay);
        return true;
    }

    private static bool IsAirport(string code) => code.Length == 3 && code.All(char.IsAsciiLetterOrDigit);
}
