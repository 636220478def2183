using System.Net;
using System.Text;

namespace Flights;

/// <summary>Puts a month's figures into <c>page.html</c>.</summary>
static class Page
{
    private const int Busiest = 12;

    public static string Render(Figures figures, IReadOnlyList<Airport> airfields)
    {
        using var reader = new StreamReader(typeof(Page).Assembly.GetManifestResourceStream("page.html")!, Encoding.UTF8);
        return reader.ReadToEnd().ReplaceLineEndings("\n")
            .Replace("{{month}}", figures.Month.ToString("MMMM yyyy", null))
            .Replace("{{total}}", Total(figures))
            .Replace("{{chart}}", DelayChart.Render(figures))
            .Replace("{{map}}", AirportMap.Render(figures, airfields))
            .Replace("{{busiest}}", BusiestRows(figures))
            .Replace("{{json}}", figures.ToJson());
    }

    private static string Total(Figures figures) =>
        $"<div><b>{Shown("flights", figures.Total.Flights, "N0")}</b>flights</div>\n" +
        $"<div><b>{Shown("meanDelayMin", figures.Total.MeanMinutes, "F1")} min</b>mean delay on arrival</div>\n" +
        $"<div><b>{Shown("latePercent", figures.Total.LatePercent, "F1")} %</b>at least {Delays.LateMinutes} minutes late</div>\n" +
        $"<div><b>{figures.Airports.Count}</b>airports</div>";

    private static string BusiestRows(Figures figures)
    {
        var rows = new StringBuilder();
        foreach ((Airport airport, Delays delays) in figures.Airports
            .OrderByDescending(entry => entry.Delays.Flights).ThenBy(entry => entry.Airport.Iata, StringComparer.Ordinal).Take(Busiest))
        {
            string at = $"airports.{airport.Iata}.";
            rows.Append($"<tr><th scope=\"row\">{airport.Iata}</th><td>{WebUtility.HtmlEncode($"{airport.City}, {airport.State}")}</td>");
            rows.Append($"<td>{Shown(at + "flights", delays.Flights, "N0")}</td><td>{Shown(at + "meanDelayMin", delays.MeanMinutes, "F1")}</td>");
            rows.Append($"<td>{Shown(at + "latePercent", delays.LatePercent, "F1")}</td>");
            rows.Append($"<td><i class=\"{DelayScale.Class(delays.MeanMinutes)}\"></i></td></tr>\n");
        }

        return rows.ToString();
    }

    // A number that people read also says which figure it is, so that verify.py can check what is shown and not only the JSON.
    private static string Shown<T>(string figure, T value, string format)
        where T : IFormattable =>
        $"<data data-figure=\"{figure}\" value=\"{value}\">{value.ToString(format, null)}</data>";
}
