using System.Text;

namespace Flights;

/// <summary>The month day by day: mean delay with its seven-day trailing mean, and below it the number of flights.</summary>
static class DelayChart
{
    private const double Left = 48;
    private const double Right = 940;
    private const double DelayTop = 16;
    private const double DelayBottom = 250;
    private const double FlightsTop = 282;
    private const double FlightsBottom = 366;

    public static string Render(Figures figures)
    {
        double width = (Right - Left) / figures.Days.Count;
        double X(DateOnly day) => Left + ((day.DayNumber - figures.Month.First.DayNumber + 0.5) * width);

        double[] means = [.. figures.Days.Concat(figures.Weeks).Select(entry => (double)entry.Delays.MeanMinutes)];
        int low = 5 * (int)Math.Floor(Math.Min(0, means.Min()) / 5);
        int high = 5 * (int)Math.Ceiling(Math.Max(5, means.Max()) / 5);
        double Y(double minutes) => DelayBottom - ((minutes - low) / (high - low) * (DelayBottom - DelayTop));

        long most = figures.Days.Max(day => day.Delays.Flights);
        long top = (most + 499) / 500 * 500;
        double Height(long flights) => (double)flights / top * (FlightsBottom - FlightsTop);

        var svg = new StringBuilder();
        svg.Append("<svg viewBox=\"0 0 960 390\" role=\"img\" aria-label=\"Mean delay and flights by day\">\n");
        foreach ((DateOnly day, _) in figures.Days.Where(entry => entry.Day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday))
        {
            svg.Append($"<rect class=\"weekend\" x=\"{X(day) - (width / 2):F1}\" y=\"{DelayTop}\" width=\"{width:F1}\" height=\"{FlightsBottom - DelayTop}\"/>\n");
        }

        for (int minutes = low; minutes <= high; minutes += high - low > 30 ? 10 : 5)
        {
            Line(svg, minutes == 0 ? "zero" : "grid", Y(minutes), $"{minutes}");
        }

        Line(svg, "zero", FlightsBottom, "0");
        Line(svg, "grid", FlightsTop, $"{top:N0}");

        foreach ((DateOnly day, Delays delays) in figures.Days)
        {
            double y = Y((double)delays.MeanMinutes);
            double bar = Math.Max(2, width - 6);
            svg.Append($"<rect class=\"mean {DelayScale.Class(delays.MeanMinutes)}\" x=\"{X(day) - (bar / 2):F1}\" y=\"{Math.Min(y, Y(0)):F1}\" width=\"{bar:F1}\" height=\"{Math.Abs(Y(0) - y):F1}\" rx=\"2\"/>");
            svg.Append($"<rect class=\"flights\" x=\"{X(day) - (bar / 2):F1}\" y=\"{FlightsBottom - Height(delays.Flights):F1}\" width=\"{bar:F1}\" height=\"{Height(delays.Flights):F1}\" rx=\"2\"/>");
            svg.Append($"<text class=\"middle\" x=\"{X(day):F1}\" y=\"382\">{day.Day}</text>\n");
        }

        string points = string.Join(' ', figures.Weeks.Select(week => $"{X(week.End):F1},{Y((double)week.Delays.MeanMinutes):F1}"));
        svg.Append($"<polyline class=\"halo\" points=\"{points}\"/><polyline class=\"week\" points=\"{points}\"/>\n");

        Dictionary<DateOnly, Delays> weeks = figures.Weeks.ToDictionary(week => week.End, week => week.Delays);
        foreach ((DateOnly day, Delays delays) in figures.Days)
        {
            string week = weeks.TryGetValue(day, out Delays seven) ? $"\nseven days up to it: {seven.MeanMinutes:F1} min" : "";
            svg.Append($"<rect class=\"hover\" x=\"{X(day) - (width / 2):F1}\" y=\"{DelayTop}\" width=\"{width:F1}\" height=\"{FlightsBottom - DelayTop}\"><title>{day:dddd, d MMMM yyyy}\n{delays.Flights:N0} flights, mean delay {delays.MeanMinutes:F1} min, {delays.LatePercent:F1} % late{week}</title></rect>\n");
        }

        return svg.Append("</svg>").ToString();
    }

    private static void Line(StringBuilder svg, string kind, double y, string label) =>
        svg.Append($"<path class=\"{kind}\" d=\"M{Left} {y:F1}H{Right}\"/><text class=\"end\" x=\"{Left - 8}\" y=\"{y + 4:F1}\">{label}</text>\n");
}
