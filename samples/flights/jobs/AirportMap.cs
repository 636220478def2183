using System.Net;
using System.Text;

namespace Flights;

/// <summary>The airports as circles, over all airfields of the country as faint dots: these draw the land.</summary>
static class AirportMap
{
    public static string Render(Figures figures, IReadOnlyList<Airport> airfields)
    {
        var svg = new StringBuilder();
        svg.Append($"<svg viewBox=\"0 0 {Projection.Width} {Projection.Height}\" role=\"img\" aria-label=\"Map of airports by flights and mean delay\">\n");
        svg.Append("<path class=\"land\" d=\"");
        foreach (Airport airfield in airfields)
        {
            if (Projection.For(airfield) is { } projection)
            {
                (double x, double y) = projection.Project(airfield);
                svg.Append($"M{x:F1} {y:F1}h0");
            }
        }

        svg.Append("\"/>\n<path class=\"frame\" d=\"M20 395h190l50 60v125M260 490h90l40 50v40M720 580v-50h150\"/>\n");
        long most = figures.Airports.Max(entry => entry.Delays.Flights);

        var labels = new StringBuilder();
        List<(double X, double Y)> named = [];

        // Large circles first, so that small ones lie on top and can be pointed at.
        foreach ((Airport airport, Delays delays) in figures.Airports.OrderByDescending(entry => entry.Delays.Flights).ThenBy(entry => entry.Airport.Iata, StringComparer.Ordinal))
        {
            if (Projection.For(airport) is not { } projection)
            {
                continue;
            }

            (double x, double y) = projection.Project(airport);
            double radius = Radius(delays.Flights, most);
            svg.Append($"<g class=\"airport {DelayScale.Class(delays.MeanMinutes)}\"><circle cx=\"{x:F1}\" cy=\"{y:F1}\" r=\"{radius:F1}\"/>");
            if (radius >= 12 && !named.Exists(at => Math.Abs(at.X - x) < 26 && Math.Abs(at.Y - y) < 11))
            {
                named.Add((x, y));
                labels.Append($"<text x=\"{x:F1}\" y=\"{y + 3.5:F1}\">{airport.Iata}</text>");
            }

            svg.Append($"<title>{WebUtility.HtmlEncode($"{airport.City}, {airport.State}: {airport.Name} ({airport.Iata})")}\n");
            svg.Append($"{delays.Flights:N0} flights, mean delay {delays.MeanMinutes:F1} min, {delays.LatePercent:F1} % late</title></g>\n");
        }

        // Names over all circles: a small neighbour must not hide one.
        svg.Append($"<g class=\"names\">{labels}</g>\n");
        Legend(svg, most);
        return svg.Append("</svg>").ToString();
    }

    // The area, not the radius, is in proportion: it is what the eye compares.
    private static double Radius(long flights, long most) => Math.Max(2.2, 23 * Math.Sqrt((double)flights / most));

    private static void Legend(StringBuilder svg, long most)
    {
        svg.Append("<g class=\"legend\"><text x=\"420\" y=\"556\">Mean delay on arrival</text>");
        for (int i = 0; i < DelayScale.Labels.Count; i++)
        {
            int x = 420 + (i * 58);
            svg.Append($"<rect class=\"d{i}\" x=\"{x}\" y=\"564\" width=\"58\" height=\"9\"/>");
            if (i > 0)
            {
                svg.Append($"<text class=\"middle\" x=\"{x}\" y=\"586\">{(i - 1) * 5}</text>");
            }
        }

        svg.Append("<text x=\"716\" y=\"573\">minutes</text>");
        svg.Append("<text class=\"end\" x=\"950\" y=\"438\">Flights from there</text>");
        double right = 950;
        foreach (long flights in new[] { 1000L, 250L, 50L })
        {
            double radius = Radius(flights, most);
            right -= radius;
            svg.Append($"<circle class=\"size\" cx=\"{right:F1}\" cy=\"{468:F1}\" r=\"{radius:F1}\"/>");
            svg.Append($"<text class=\"middle\" x=\"{right:F1}\" y=\"500\">{flights:N0}</text>");
            right -= radius + 22;
        }

        svg.Append("</g>\n");
    }
}
