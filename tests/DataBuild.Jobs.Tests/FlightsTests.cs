using System.Text;
using System.Text.RegularExpressions;

namespace DataBuild.Jobs.Tests;

public sealed partial class FlightsTests(FlightsBuilt built) : IClassFixture<FlightsBuilt>
{
    [Fact]
    public void The_reports_bring_about_90_days_84_weeks_and_nothing_else()
    {
        Assert.Empty(built.Engine.Failures);
        Assert.Equal(
            new Dictionary<string, int> { ["daily"] = 90, ["raw"] = 90, ["report"] = 3, ["weekly"] = 84 },
            built.Data.Keys.GroupBy(@ref => @ref[..@ref.IndexOf('/', StringComparison.Ordinal)]).ToDictionary(group => group.Key, group => group.Count()));
        Assert.Equal(
            ("weekly/2001-01-07", "weekly/2001-03-31"),
            (built.Data.Keys.Where(@ref => @ref.StartsWith("weekly/", StringComparison.Ordinal)).Min(), built.Data.Keys.Where(@ref => @ref.StartsWith("weekly/", StringComparison.Ordinal)).Max()));
    }

    [Fact]
    public void What_each_stage_read_is_what_it_says()
    {
        Assert.Equal(["csv/2001-02"], built.Engine.Reads["raw/2001-02-14"]);
        Assert.Equal(["raw/2001-02-14"], built.Engine.Reads["daily/2001-02-14"]);
        Assert.Equal(Enumerable.Range(8, 7).Select(day => $"daily/2001-02-{day:00}"), built.Engine.Reads["weekly/2001-02-14"]);
        Assert.Equal(28 + 28 + 1, built.Engine.Reads["report/2001-02.html"].Count);
        Assert.DoesNotContain(built.Engine.Reads["report/2001-02.html"], @ref => @ref.Contains("/2001-01", StringComparison.Ordinal) || @ref.Contains("/2001-03", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_figure_is_right() => Assert.True(built.Flights.Verify() is (0, _), built.Flights.Verify().Output);

    [Theory]
    [InlineData("report/2001-01.html", "\"flights\":50485,", "\"flights\":50486,")]
    [InlineData("report/2001-02.html", "\"iata\":\"ATL\",", "\"iata\":\"ATX\",")]
    [InlineData("report/2001-03.html", "\"late\":377,", "\"late\":378,")]
    [InlineData("report/2001-03.html", "\"weeks\":[", "\"extra\":1,\"weeks\":[")]
    [InlineData("report/2001-02.html", ">45,864</data>", ">45,865</data>")]
    public void One_altered_figure_is_found(string report, string right, string wrong)
    {
        using var flights = new Flights();
        foreach (string @ref in Flights.Reports)
        {
            string text = Encoding.UTF8.GetString(built.Data[@ref]);
            string altered = @ref == report ? new Regex(Regex.Escape(right)).Replace(text, wrong, 1) : text;
            Assert.Equal(@ref == report, altered != text);
            Directory.CreateDirectory(flights.PathOf("data/report"));
            File.WriteAllText(flights.PathOf("data/" + @ref), altered);
        }

        (int exitCode, string output) = flights.Verify();

        Assert.Equal(1, exitCode);
        Assert.Matches($@"{Regex.Escape(report)}: [12] figures differ", output);
        Assert.Equal(2, output.Split(": right,").Length - 1);
    }

    [Fact]
    public void A_report_asks_the_network_for_nothing()
    {
        string page = Encoding.UTF8.GetString(built.Data["report/2001-02.html"]);

        Assert.DoesNotMatch(@"https?:|//[a-z]|url\(|@import|<link|<img|<script (?!type=""application/json"")", page);
        Assert.Contains("prefers-color-scheme: dark", page, StringComparison.Ordinal);
        Assert.DoesNotContain("{{", page, StringComparison.Ordinal);
        Assert.Equal(28, Hover().Count(page));
        Assert.Equal(223, Circle().Count(page));
    }

    [Fact]
    public void The_same_data_gives_the_same_bytes_elsewhere()
    {
        using var flights = new Flights(("LANG", "de_DE.UTF-8"), ("LC_ALL", "tr_TR.UTF-8"), ("TZ", "Pacific/Auckland"));
        flights.Build(Flights.Reports[1]);

        AssertDiffers([], flights.Data());
    }

    [Fact]
    public void One_delay_changes_its_day_its_seven_weeks_and_its_report()
    {
        using var flights = new Flights();
        flights.Change("2001-02", Valentine, columns => columns[4] = $"{int.Parse(columns[4]) + 7}");
        flights.Build(Flights.Reports);

        Assert.Equal(built.Data.Count, flights.Data().Count);
        AssertDiffers(
            ["daily/2001-02-14", "raw/2001-02-14", "report/2001-02.html", .. Enumerable.Range(14, 7).Select(day => $"weekly/2001-02-{day}")],
            flights.Data());
        Assert.Equal(0, flights.Verify().ExitCode);
    }

    [Fact]
    public void One_distance_changes_its_raw_day_and_nothing_that_follows()
    {
        using var flights = new Flights();
        flights.Change("2001-02", Valentine, columns => columns[3] = $"{int.Parse(columns[3]) + 1}");
        flights.Build(Flights.Reports[1]);

        AssertDiffers(["raw/2001-02-14"], flights.Data());
    }

    [Fact]
    public void A_raw_day_is_the_same_made_alone_or_with_others()
    {
        using var flights = new Flights();
        flights.Build("raw/2001-02-14");

        Assert.Equal(built.Data["raw/2001-02-14"], Assert.Single(flights.Data()).Value);
    }

    [Fact]
    public void A_bad_row_fails_its_day_alone_and_says_where_it_is()
    {
        using var flights = new Flights();
        flights.Change("2001-02", lines => Array.FindIndex(lines, line => line.StartsWith("2001-02-03", StringComparison.Ordinal)) + 100, columns => columns[4] = "late");
        LittleEngine engine = flights.Build(Enumerable.Range(1, 28).Select(day => $"raw/2001-02-{day:00}"));

        KeyValuePair<string, string> failure = Assert.Single(engine.Failures);
        Assert.Equal("raw/2001-02-03", failure.Key);
        Assert.Matches(@"^csv/2001-02\.csv\.gz line \d+: delay 'late'$", failure.Value);
        Assert.Equal(27, flights.Data().Count);
        Assert.Equal([("ingest", 28, JobExitCode.Failed)], engine.Runs);
    }

    [Theory]
    [InlineData(0, "2001-02-99T00:00")]
    [InlineData(0, "")]
    public void A_row_of_no_day_fails_all_days_of_its_month(int column, string value)
    {
        using var flights = new Flights();
        flights.Change("2001-02", _ => 5, columns => columns[column] = value);
        LittleEngine engine = flights.Build("raw/2001-02-03", "raw/2001-02-04", "raw/2001-03-01");

        Assert.Equal(["raw/2001-02-03", "raw/2001-02-04"], engine.Failures.Keys.Order(StringComparer.Ordinal));
        Assert.All(engine.Failures.Values, reason => Assert.StartsWith("csv/2001-02.csv.gz line 6: no date of departure", reason, StringComparison.Ordinal));
    }

    private static int Valentine(string[] lines) => Array.FindIndex(lines, line => line.StartsWith("2001-02-14T12", StringComparison.Ordinal));

    private void AssertDiffers(string[] refs, Dictionary<string, byte[]> data)
    {
        Assert.NotEmpty(data);
        Assert.Equal(
            refs.Order(StringComparer.Ordinal),
            data.Where(entry => !entry.Value.AsSpan().SequenceEqual(built.Data[entry.Key])).Select(entry => entry.Key).Order(StringComparer.Ordinal));
    }

    [GeneratedRegex("class=\"hover\"")]
    private static partial Regex Hover();

    [GeneratedRegex("<g class=\"airport ")]
    private static partial Regex Circle();
}
