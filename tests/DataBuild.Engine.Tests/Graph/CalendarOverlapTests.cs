using System.Globalization;
using DataBuild.Engine.Graph;

namespace DataBuild.Engine.Tests.Graph;

/// <summary>Overlaps are found by an automaton that reads times and numbers character by character: it must accept what there is, and no more.</summary>
public sealed class CalendarOverlapTests
{
    private static bool Overlaps(string pattern, string literal) =>
        GraphCompiler.Compile(Project.WithJob().Partition("x/" + pattern).Partition("x/" + literal).Document).Diagnostics.Count > 0;

    [Fact]
    public void A_fixed_ref_overlaps_a_date_where_there_is_such_a_day()
    {
        string[] years = ["0000", "0001", "0004", "0100", "0400", "1000", "1900", "1904", "2000", "2001", "2004", "2100", "2400", "9999"];
        string[] days = ["-00-10", "-01-31", "-01-32", "-02-28", "-02-29", "-02-30", "-04-30", "-04-31", "-05-00", "-09-09", "-10-31", "-12-31", "-13-01", "-20-01"];
        var project = Project.WithJob().Partition("x/{date}");
        var texts = years.SelectMany(year => days.Select(day => year + day)).ToList();
        texts.ForEach(text => project.Partition("x/" + text));
        var overlaps = string.Concat(GraphCompiler.Compile(project.Document).Diagnostics.Select(diagnostic => diagnostic.Text));
        Assert.Equal(
            texts.Where(text => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _)),
            texts.Where(text => overlaps.Contains("x/" + text, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("{year}", "0000", false)]
    [InlineData("{year}", "0001", true)]
    [InlineData("{year}", "0100", true)]
    [InlineData("{year}", "9999", true)]
    [InlineData("{month}", "2001-00", false)]
    [InlineData("{month}", "2001-12", true)]
    [InlineData("{month}", "2001-13", false)]
    [InlineData("{hour}", "2001-01-05T00", true)]
    [InlineData("{hour}", "2001-01-05T19", true)]
    [InlineData("{hour}", "2001-01-05T23", true)]
    [InlineData("{hour}", "2001-01-05T24", false)]
    [InlineData("{hour}", "2001-01-05T30", false)]
    [InlineData("{n:int}", "0", true)]
    [InlineData("{n:int}", "00", false)]
    [InlineData("{n:int}", "07", false)]
    [InlineData("{n:int}", "10", true)]
    [InlineData("{n:int}", "999999999999999999", true)]
    [InlineData("{n:int}", "1000000000000000000", false)]
    public void A_fixed_ref_overlaps_a_placeholder_that_has_such_a_value(string pattern, string literal, bool overlaps) =>
        Assert.Equal(overlaps, Overlaps(pattern, literal));

    [Fact]
    public void A_text_that_is_read_in_two_ways_is_found_whatever_letters_are_taken() =>
        Project.WithJob().Source("{a}zqkywvjhgfse{b}").Fails(Diagnostics.Rules.AmbiguousPattern, "Source", "{a}zqkywvjhgfse{b}");
}
