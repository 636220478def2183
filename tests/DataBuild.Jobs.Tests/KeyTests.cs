namespace DataBuild.Jobs.Tests;

public sealed class KeyTests
{
    private enum Colour
    {
        Red,
        Blue,
    }

    [Fact]
    public void Placeholders_have_the_types_that_their_names_say()
    {
        PartitionKey key = new PartitionPattern("p/{date}/{month}/{year}/{hour}/{n:int}-{colour:enum(red|blue)}.{region}")
            .Match("p/2001-02-14/2001-02/2001/2001-02-14T09/42-blue.eu")!;

        Assert.Equal(new DateOnly(2001, 2, 14), key.Date());
        Assert.Equal(new Month(2001, 2), key.Month());
        Assert.Equal(2001, key.Year());
        Assert.Equal(new DateTime(2001, 2, 14, 9, 0, 0), key.Hour());
        Assert.Equal(42, key.Int("n"));
        Assert.Equal(Colour.Blue, key.Enum<Colour>("colour"));
        Assert.Equal("eu", key["region"]);
        Assert.Equal(["date", "month", "year", "hour", "n", "colour", "region"], key.Names);
    }

    [Fact]
    public void A_type_may_have_another_name() =>
        Assert.Equal(new DateOnly(2001, 2, 14), new PartitionPattern("p/{from:date}").Match("p/2001-02-14")!.Date("from"));

    [Theory]
    [InlineData("a/{date}", "a/2001-02-29")]
    [InlineData("a/{date}", "a/2001-2-1")]
    [InlineData("a/{date}", "a/2001-02-14x")]
    [InlineData("a/{date}", "b/2001-02-14")]
    [InlineData("a/{month}", "a/2001-13")]
    [InlineData("a/{hour}", "a/2001-02-14T24")]
    [InlineData("a/{hour}", "a/2001-02-14")]
    [InlineData("a/{n:int}", "a/007")]
    [InlineData("a/{n:int}", "a/-7")]
    [InlineData("a/{n:int}", "a/")]
    [InlineData("a/{n:int}", "a/1234567890123456789")]
    [InlineData("a/{c:enum(red|blue)}", "a/Red")]
    [InlineData("a/{name}", "a/x/y")]
    [InlineData("a/{name}", "a/..")]
    public void Only_the_one_way_to_write_a_value_is_taken(string pattern, string @ref) => Assert.Null(new PartitionPattern(pattern).Match(@ref));

    [Theory]
    [InlineData("{a}-{b}", "x-y-z", "x", "y-z")]
    [InlineData("{a}{b:date}", "x2001-01-01", "x", "2001-01-01")]
    [InlineData("{a:int}{b}", "12x", "1", "2x")]
    public void Neighbours_share_a_segment(string pattern, string @ref, string a, string b)
    {
        PartitionKey key = new PartitionPattern(pattern).Match(@ref)!;

        Assert.Equal((a, b), (key["a"], key["b"]));
    }

    [Theory]
    [InlineData("a/{date")]
    [InlineData("a/{}")]
    [InlineData("a/{n:float}")]
    [InlineData("a/{date}/{date}")]
    public void A_pattern_that_makes_no_sense_is_refused(string pattern) => Assert.Throws<ArgumentException>(() => new PartitionPattern(pattern));

    [Fact]
    public void Asking_for_what_is_not_there_says_what_is()
    {
        PartitionKey key = new PartitionPattern("a/{date}").Match("a/2001-02-14")!;

        Assert.Contains("it has date", Assert.Throws<ArgumentException>(() => key.Month()).Message, StringComparison.Ordinal);
        Assert.Contains("is a Date, not a Month", Assert.Throws<ArgumentException>(() => key.Month("date")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("raw/{date}", "raw/2001-03-01")]
    [InlineData("csv/{date.month}.gz", "csv/2001-03.gz")]
    [InlineData("y/{date.year}", "y/2001")]
    [InlineData("d/{date-2d..date}", "d/2001-02-27", "d/2001-02-28", "d/2001-03-01")]
    [InlineData("d/{date-1d}", "d/2001-02-28")]
    [InlineData("d/{date-1d.month}", "d/2001-02")]
    [InlineData("d/{date.month-1mo}", "d/2001-02")]
    [InlineData("d/{date.month-1mo.year}", "d/2001")]
    [InlineData("d/{date-1w}", "d/2001-02-22")]
    [InlineData("d/{date+30d-1mo}", "d/2001-02-28")]
    [InlineData("d/{date-1y}", "d/2000-03-01")]
    [InlineData("d/{n-2..n}", "d/8", "d/9", "d/10")]
    [InlineData("d/{n}", "d/10")]
    [InlineData("d/{hour.date}", "d/2001-03-02")]
    [InlineData("d/{hour-1h..hour}", "d/2001-03-01T23", "d/2001-03-02T00")]
    [InlineData("d/{hour-1d}", "d/2001-03-01T00")]
    [InlineData("d/{c.all}", "d/red", "d/blue")]
    [InlineData("d/{c.all}/{date+0d..date+1d}", "d/red/2001-03-01", "d/red/2001-03-02", "d/blue/2001-03-01", "d/blue/2001-03-02")]
    [InlineData("plain", "plain")]
    public void Inputs_are_named_in_terms_of_the_key(string template, params string[] refs)
    {
        PartitionKey key = new PartitionPattern("p/{date}/{hour}/{c:enum(red|blue)}/{n:int}").Match("p/2001-03-01/2001-03-02T00/red/10")!;

        Assert.Equal(refs, RefTemplate.Expand(template, key));
    }

    [Theory]
    [InlineData("d/{month.days}", 28, "d/2001-02-01", "d/2001-02-28")]
    [InlineData("d/{month-1mo.days}", 31, "d/2001-01-01", "d/2001-01-31")]
    [InlineData("d/{year.months}", 12, "d/2004-01", "d/2004-12")]
    [InlineData("d/{year.days}", 366, "d/2004-01-01", "d/2004-12-31")]
    [InlineData("d/{month.hours}", 672, "d/2001-02-01T00", "d/2001-02-28T23")]
    public void The_parts_of_an_interval_are_all_there(string template, int count, string first, string last)
    {
        IReadOnlyList<string> refs = RefTemplate.Expand(template, new PartitionPattern("p/{month}/{year}").Match("p/2001-02/2004")!);

        Assert.Equal((count, first, last), (refs.Count, refs[0], refs[^1]));
    }

    [Theory]
    [InlineData("a/{day}")]
    [InlineData("a/{date")]
    [InlineData("a/{date-6}")]
    [InlineData("a/{date-6h}")]
    [InlineData("a/{date-6m}")]
    [InlineData("a/{date-d}")]
    [InlineData("a/{n-1d}")]
    [InlineData("a/{n.year}")]
    [InlineData("a/{n.days}")]
    [InlineData("a/{name-1}")]
    [InlineData("a/{date.days}")]
    [InlineData("a/{date.date}")]
    [InlineData("a/{date..name}")]
    [InlineData("a/{date..date.month}")]
    [InlineData("a/{name.all}")]
    public void A_template_that_makes_no_sense_says_so(string template)
    {
        PartitionKey key = new PartitionPattern("p/{date}/{name}/{n:int}").Match("p/2001-03-01/x/3")!;

        Assert.Contains("'a/{", Assert.Throws<ArgumentException>(() => RefTemplate.Expand(template, key)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_interpolated_ref_is_written_as_refs_are()
    {
        var day = new DateOnly(2001, 2, 3);

        Assert.Equal("a/2001-02-03/2001-02/2001-02-03T04/7/x/03", Ref.Of($"a/{day}/{Month.Of(day)}/{day.ToDateTime(new TimeOnly(4, 0))}/{7}/{"x"}/{day:dd}"));
    }

    [Fact]
    public void A_month_knows_its_days()
    {
        var month = new Month(2004, 2);

        Assert.Equal(29, month.Days.Count);
        Assert.Equal((new DateOnly(2004, 2, 1), new DateOnly(2004, 2, 29)), (month.First, month.Last));
        Assert.Equal((month.Days[0], month.Days[^1]), (month.First, month.Last));
        Assert.Equal("2003-12", month.AddMonths(-2).ToString());
        var (same, earlier) = (new Month(2004, 2), month.AddMonths(-1));
        Assert.True(month > earlier && month >= earlier && month >= same && month <= same && earlier < month);
        Assert.False(month < earlier || month <= earlier || month > same || month < same);
        Assert.True(Month.TryParse("2004-02", out Month parsed) && parsed == month);
        Assert.False(Month.TryParse("2004-2", out _));
        Assert.False(Month.TryParse(null, out _));
    }
}
