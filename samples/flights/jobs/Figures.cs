using System.Text;
using System.Text.Json;
using DataBuild.Jobs;

namespace Flights;

/// <summary>Everything that a month's report shows.</summary>
sealed record Figures(
    Month Month,
    Delays Total,
    IReadOnlyList<(DateOnly Day, Delays Delays)> Days,
    IReadOnlyList<(DateOnly End, Delays Delays)> Weeks,
    IReadOnlyList<(Airport Airport, Delays Delays)> Airports)
{
    /// <summary>The same as JSON, for the page's own data block: no character in it can end that block.</summary>
    public string ToJson()
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("month", Month.ToString());
            Write(json, Total);
            WriteList(json, "days", Days, day => json.WriteString("date", $"{day.Day:yyyy-MM-dd}"), day => day.Delays);
            WriteList(json, "weeks", Weeks, week => json.WriteString("end", $"{week.End:yyyy-MM-dd}"), week => week.Delays);
            WriteList(json, "airports", Airports, entry => Write(json, entry.Airport), entry => entry.Delays);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static void WriteList<T>(Utf8JsonWriter json, string name, IReadOnlyList<T> entries, Action<T> head, Func<T, Delays> delays)
    {
        json.WriteStartArray(name);
        foreach (T entry in entries)
        {
            json.WriteStartObject();
            head(entry);
            Write(json, delays(entry));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, Delays delays)
    {
        json.WriteNumber("flights", delays.Flights);
        json.WriteNumber("late", delays.Late);
        json.WriteNumber("delaySumMin", delays.Minutes);
        json.WriteNumber("meanDelayMin", delays.MeanMinutes);
        json.WriteNumber("latePercent", delays.LatePercent);
    }

    private static void Write(Utf8JsonWriter json, Airport airport)
    {
        json.WriteString("iata", airport.Iata);
        json.WriteString("name", airport.Name);
        json.WriteString("city", airport.City);
        json.WriteString("state", airport.State);
        json.WriteNumber("latitude", airport.Latitude);
        json.WriteNumber("longitude", airport.Longitude);
    }
}
