using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Graph;

namespace DataBuild.Engine.Tests.Graph;

public sealed class FamilyTests
{
    private static Project Inputs(string pattern, string needs) => Project.WithJob()
        .Source("day/{date}").Source("mon/{month}").Source("yr/{year}").Source("hr/{hour}").Source("num/{n:int}").Source("str/{name}")
        .Source("reg/{region:enum(us|eu)}/{date}").Source("only/us").Source("only/eu").Source("mix/{name}.csv")
        .Partition(pattern, needs);

    [Theory]
    [InlineData("p/{date}", "day/{date}", "p/2001-03-01", "day/2001-03-01")]
    [InlineData("p/{date}", "day/{date-1d}", "p/2001-03-01", "day/2001-02-28")]
    [InlineData("p/{date}", "day/{date-1w}", "p/2001-03-01", "day/2001-02-22")]
    [InlineData("p/{date}", "day/{date-1mo}", "p/2001-03-31", "day/2001-02-28")]
    [InlineData("p/{date}", "day/{date-1y}", "p/2000-02-29", "day/1999-02-28")]
    [InlineData("p/{date}", "day/{date+1d}", "p/2000-02-28", "day/2000-02-29")]
    [InlineData("p/{date}", "mon/{date.month}", "p/2001-03-31", "mon/2001-03")]
    [InlineData("p/{date}", "mon/{date.month-1mo}", "p/2001-01-31", "mon/2000-12")]
    [InlineData("p/{date}", "yr/{date.year}", "p/2001-03-31", "yr/2001")]
    [InlineData("p/{hour}", "day/{hour.date-1d}", "p/2001-03-01T05", "day/2001-02-28")]
    [InlineData("p/{hour}", "hr/{hour-6h}", "p/2001-03-01T05", "hr/2001-02-28T23")]
    [InlineData("p/{hour}", "hr/{hour-1mo}", "p/2001-03-31T05", "hr/2001-02-28T05")]
    [InlineData("p/{month}", "yr/{month.year-1y}", "p/2001-03", "yr/2000")]
    [InlineData("p/{day:date}", "str/{day}", "p/2001-03-01", "str/2001-03-01")]
    [InlineData("p/{day:date}", "str/x-{day.month}-y", "p/2001-03-01", "str/x-2001-03-y")]
    [InlineData("p/{k:int}", "num/{k-1}", "p/3", "num/2")]
    [InlineData("p/{k:int}", "num/{k-1}", "p/0", "")]
    [InlineData("p/{k:int}", "num/{k-2..k}", "p/1", "num/0 num/1")]
    [InlineData("p/{date}", "day/{date-1d}", "p/0001-01-01", "")]
    [InlineData("p/{date}", "day/{date..date+2d}", "p/9999-12-31", "day/9999-12-31")]
    [InlineData("p/{date}", "day/{date-2d..date}", "p/2001-01-01", "day/2000-12-30 day/2000-12-31 day/2001-01-01")]
    [InlineData("p/{date}", "day/{2001-01-01..date}", "p/2001-01-02", "day/2001-01-01 day/2001-01-02")]
    [InlineData("p/{date}", "day/{2001-01-01..date}", "p/2000-12-31", "")]
    [InlineData("p/{date}", "mon/{date.month-1mo..date.month}", "p/2001-01-02", "mon/2000-12 mon/2001-01")]
    [InlineData("p/{date}", "num/{5..5}", "p/2001-03-01", "num/5")]
    [InlineData("p/{date}", "day/{date..date}", "p/2001-03-01", "day/2001-03-01")]
    [InlineData("p/{k:int}", "num/{k-5000..k-4999}", "p/5001", "num/1 num/2")]
    [InlineData("p/{k:int}", "num/{k..k+1}", "p/1", "num/1 num/2")]
    [InlineData("p/{k:int}", "num/{k-1}", "p/1", "num/0")]
    [InlineData("p/{k:int}", "num/{k-2000000000}", "p/3000000000", "num/1000000000")]
    [InlineData("p/{k:int}", "num/{k-1000000000000000000}", "p/5", "")]
    [InlineData("p/{day:date}", "str/{day..2001-03-02}", "p/2001-03-01", "str/2001-03-01 str/2001-03-02")]
    [InlineData("p/{day:date}", "str/{2001-02-28..day}", "p/2001-03-01", "str/2001-02-28 str/2001-03-01")]
    [InlineData("p/{date}", "day/{date+1d..date+2d}", "p/9999-12-31", "")]
    [InlineData("p/{date}", "day/{date-2d..date-1d}", "p/0001-01-01", "")]
    [InlineData("p/{date}", "day/{date-1d}", "p/0001-01-02", "day/0001-01-01")]
    [InlineData("p/{date}", "day/{date+1d}", "p/9999-12-30", "day/9999-12-31")]
    [InlineData("p/{date}", "day/{date-1mo}", "p/0001-02-15", "day/0001-01-15")]
    [InlineData("p/{date}", "day/{date-1mo}", "p/0001-01-15", "")]
    [InlineData("p/{date}", "day/{date+1mo}", "p/9999-11-30", "day/9999-12-30")]
    [InlineData("p/{date}", "day/{date+1mo}", "p/9999-12-01", "")]
    [InlineData("p/{date}", "day/{date-2000000000d}", "p/2001-01-01", "")]
    [InlineData("p/{hour}", "hr/{hour-1d}", "p/2001-03-01T05", "hr/2001-02-28T05")]
    [InlineData("p/{hour}", "hr/{hour+1w}", "p/2001-02-22T05", "hr/2001-03-01T05")]
    [InlineData("p/{date}", "mix/{a|b}.csv", "p/2001-03-01", "mix/a.csv mix/b.csv")]
    [InlineData("p/{date}", "num/{1..3|2..4}", "p/2001-03-01", "num/1 num/2 num/3 num/4")]
    [InlineData("p/{date}", "str/{a|a}", "p/2001-03-01", "str/a")]
    [InlineData("p/{year}", "mon/{year.months}", "p/2001", "mon/2001-01 mon/2001-02 mon/2001-03 mon/2001-04 mon/2001-05 mon/2001-06 mon/2001-07 mon/2001-08 mon/2001-09 mon/2001-10 mon/2001-11 mon/2001-12")]
    [InlineData("p/{date}", "yr/{1999..2000}", "p/2001-01-02", "yr/1999 yr/2000")]
    [InlineData("p/{date}", "yr/{1999|2003|2001..2002}", "p/2001-01-02", "yr/1999 yr/2003 yr/2001 yr/2002")]
    [InlineData("p/{date}", "str/{a|b}", "p/2001-01-02", "str/a str/b")]
    [InlineData("p/{date}", "reg/{region.all}/{date}", "p/2001-01-02", "reg/us/2001-01-02 reg/eu/2001-01-02")]
    [InlineData("p/{date}", "reg/us/{date};only/us;only/us", "p/2001-01-02", "reg/us/2001-01-02 only/us")]
    [InlineData("p/{region:enum(us|eu)}", "only/{region}", "p/eu", "only/eu")]
    [InlineData("p/{region:enum(us|eu)}", "only/{region.all}", "p/eu", "only/us only/eu")]
    [InlineData("p/{region:enum(us|eu)}/{date}", "reg/{region.all}/{date-1d..date}", "p/eu/2001-01-02", "reg/us/2001-01-01 reg/us/2001-01-02 reg/eu/2001-01-01 reg/eu/2001-01-02")]
    [InlineData("p/{region:enum(us|eu)}/{date}", "reg/{region}/{date};reg/us/{date}", "p/us/2001-01-02", "reg/us/2001-01-02")]
    [InlineData("p/{name}", "mix/{name}.csv", "p/a b", "mix/a b.csv")]
    [InlineData("p/{date}", "only/{us|eu}", "p/2001-01-02", "only/us only/eu")]
    [InlineData("p/{date}", " day/{date} ; ; only/eu ", "p/2001-01-02", "day/2001-01-02 only/eu")]
    public void Needs_are_expanded_for_a_ref(string pattern, string needs, string @ref, string expected)
    {
        var family = Inputs(pattern, needs).Compile().Find(@ref)!;
        Assert.True(family.HasNeeds);
        Assert.Equal(expected, string.Join(' ', family.Needs(@ref)));
    }

    [Fact]
    public void Days_of_a_month_and_hours_of_a_day_are_all_of_them()
    {
        var graph = Inputs("p/{month}", "day/{month.days}").Partition("q/{date}", "hr/{date.hours}").Partition("r/{month}", "day/{month-1mo.days}").Compile();
        var days = graph.Find("p/2000-02")!.Needs("p/2000-02");
        Assert.Equal((29, "day/2000-02-01", "day/2000-02-29"), (days.Count, days[0], days[^1]));
        var hours = graph.Find("q/2000-02-29")!.Needs("q/2000-02-29");
        Assert.Equal((24, "hr/2000-02-29T00", "hr/2000-02-29T23"), (hours.Count, hours[0], hours[^1]));
        Assert.Equal("day/2000-01-31", graph.Find("r/2000-02")!.Needs("r/2000-02")[^1]);
        Assert.Equal(31, graph.Find("p/9999-12")!.Needs("p/9999-12").Count);
    }

    [Fact]
    public void A_family_without_needs_needs_nothing()
    {
        var family = Project.WithJob().Partition("a").Compile().Families[0];
        Assert.False(family.HasNeeds);
        Assert.Empty(family.Needs("a"));
    }

    [Fact]
    public void A_ref_may_need_an_earlier_one_of_its_own_family() =>
        Assert.Equal(["a/1"], Project.WithJob().Partition("a/{n:int}", "a/{n-1}").Compile().Families[0].Needs("a/2"));

    [Theory]
    [InlineData("day/{dat}", "did you mean 'date'?")]
    [InlineData("day/{month}", "'month'")]
    [InlineData("day/{dat-1d}", "'dat'")]
    [InlineData("day/{dat..date}", "'dat'")]
    [InlineData("str/{nmae}", "'nmae'")]
    [InlineData("str/x-{nmae}", "'nmae'")]
    [InlineData("day/{today}", "tomorrow")]
    [InlineData("nothing/{dat}", "'dat'")]
    public void Needs_that_name_an_unknown_placeholder_are_refused(string needs, string hint) =>
        Assert.Contains(hint, Inputs("p/{date}", needs).Fails(Rules.UnknownPlaceholder, "Partition", "p/{date}"), StringComparison.Ordinal);

    [Theory]
    [InlineData("num/{date}", "a date where an int belongs")]
    [InlineData("mon/{date}", "a date where a month belongs")]
    [InlineData("day/{date.month}", "a month where a date belongs")]
    [InlineData("mon/{date-1mo..date}", "a date where a month belongs")]
    [InlineData("reg/{date}/{date}", "a date where an enum belongs")]
    [InlineData("day/{date.week}", ".month, .year and .hours")]
    [InlineData("day/{date-1m}", "mo (months)")]
    [InlineData("day/{date-1h}", "use d, w, mo (months) or y")]
    [InlineData("day/{date-1}", "use d, w, mo (months) or y")]
    [InlineData("hr/{date.hours-1h}", "goes on after a range")]
    [InlineData("num/{k-1d}", "plain number")]
    [InlineData("num/{k.days}", "no parts")]
    [InlineData("str/{s-1}", "cannot be shifted")]
    [InlineData("day/{2001-02-30}", "a date, yyyy-MM-dd")]
    [InlineData("day/{date.}", "'date.' in 'day/{date.}' is not a date")]
    [InlineData("day/{date-}", "'date-' in 'day/{date-}' is not a date")]
    [InlineData("day/{2001-02-30..date}", "a date, yyyy-MM-dd")]
    [InlineData("reg/{zone}/{date}", "'cn'")]
    [InlineData("reg/{zone.all}/{date}", "'cn'")]
    public void Needs_of_a_wrong_type_are_refused(string needs, string hint) =>
        Assert.Contains(
            hint,
            Inputs("p/{date}/{k:int}/{s}/{zone:enum(us|cn)}", needs).Fails(Rules.WrongType, "Partition", "p/{date}/{k:int}/{s}/{zone:enum(us|cn)}"),
            StringComparison.Ordinal);

    [Theory]
    [InlineData("dya/{date}", "'day/{date}'")]
    [InlineData("only/cn", "Did you mean")]
    [InlineData("only/{us|xx}", "only/xx")]
    public void Needs_that_lead_to_no_family_are_refused(string needs, string hint) =>
        Assert.Contains(hint, Inputs("p/{date}", needs).Fails(Rules.NoProducer, "Partition", "p/{date}"), StringComparison.Ordinal);

    [Theory]
    [InlineData("day/{date", nameof(Rules.BadSet))]
    [InlineData("day/date}", nameof(Rules.BadSet))]
    [InlineData("day/{}", nameof(Rules.BadSet))]
    [InlineData("day/{date..}", nameof(Rules.BadSet))]
    [InlineData("day/{a|}", nameof(Rules.BadSet))]
    [InlineData("day/{a..b..c}", nameof(Rules.BadSet))]
    [InlineData("day/*", nameof(Rules.BadSet))]
    [InlineData("../x", nameof(Rules.BadRef))]
    [InlineData("only/nul", nameof(Rules.BadRef))]
    [InlineData("day/{date..date-6d}", nameof(Rules.InvertedRange))]
    [InlineData("day/{2001-01-02..2001-01-01}", nameof(Rules.InvertedRange))]
    [InlineData("str/{a..b}", nameof(Rules.NotEnumerable))]
    [InlineData("str/{name..name}", nameof(Rules.NotEnumerable))]
    [InlineData("hr/{0001-01-01T00..9999-12-31T23}", nameof(Rules.TooManyNeeds))]
    [InlineData("p/{date}/{name}", nameof(Rules.NeedsItself))]
    [InlineData("p/{date-6d..date}/{name}", nameof(Rules.NeedsItself))]
    public void Malformed_or_impossible_needs_are_refused(string needs, string rule) =>
        Inputs("p/{date}/{name}", needs).Fails(Rule(rule), "Partition", "p/{date}/{name}");

    [Fact]
    public void Who_names_a_placeholder_that_is_not_there_is_told_those_that_are()
    {
        Assert.EndsWith("it has none", Inputs("p", "day/{xyzzy}").Fails(Rules.UnknownPlaceholder, "Partition", "p"), StringComparison.Ordinal);
        Assert.EndsWith("it has date, k", Inputs("p/{date}/{k:int}", "day/{xyzzy}").Fails(Rules.UnknownPlaceholder, "Partition", "p/{date}/{k:int}"), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_several_patterns_that_needs_do_not_fit_the_first_ones_problem_is_shown() =>
        Assert.Contains(
            "a date where an int belongs",
            Project.WithJob().Source("k/{a:int}").Source("k/{b:enum(x|y)}").Partition("p/{date}", "k/{date}").Fails(Rules.WrongType, "Partition", "p/{date}"),
            StringComparison.Ordinal);

    [Fact]
    public void Alternatives_that_look_like_no_name_pick_families_too() =>
        Assert.Equal(["only/1a", "only/2b"], Project.WithJob().Source("only/1a").Source("only/2b").Partition("p", "only/{1a|2b}").Compile().Find("p")!.Needs("p"));

    [Fact]
    public void A_ref_that_two_ranges_give_in_two_ways_is_needed_once()
    {
        var needs = Inputs("p/{k:int}", "str/{k..k+10}{k..k+10}").Compile().Find("p/1")!.Needs("p/1");
        Assert.Equal(120, needs.Count);
        Assert.Equal(120, needs.Distinct().Count());
    }

    [Fact]
    public void Two_ranges_that_give_more_than_a_million_refs_are_refused() =>
        Project.WithJob().Source("two/{a:int}/{b:int}").Partition("p", "two/{1..1001}/{1..1000}").Fails(Rules.TooManyNeeds, "Partition", "p");

    [Fact]
    public void Needs_that_lead_one_value_of_an_enum_to_itself_are_refused() =>
        Project.WithJob().Partition("a/{region:enum(us|eu)}", "a/eu").Fails(Rules.NeedsItself, "Partition", "a/{region:enum(us|eu)}");

    [Fact]
    public void Needs_that_pick_one_of_too_many_families_are_refused()
    {
        var project = Project.WithJob();
        var names = string.Join('|', Enumerable.Range(0, 1_001).Select(i => $"n{i}"));
        for (var i = 0; i <= 1_000; i++)
        {
            project.Source($"only/n{i}");
        }

        project.Partition("p", $"only/{{{names}}}").Fails(Rules.SetTooLarge, "Partition", "p");
    }

    [Fact]
    public void Needs_of_one_ref_that_are_too_many_are_an_error_when_asked_for()
    {
        var family = Inputs("p/{date}", "hr/{2001-01-01T00..2001-01-01T01};hr/{date.hours};num/{1..999990}").Compile().Families[0];
        var e = Assert.Throws<DataBuildException>(() => family.Needs("p/2001-01-05"));
        Assert.Equal(Rules.TooManyNeeds, e.Rule);
    }

    [Theory]
    [InlineData("p/{date}", "p/2001-02-28", "2001-03-01T00:00")]
    [InlineData("p/{month}", "p/2001-12", "2002-01-01T00:00")]
    [InlineData("p/{year}", "p/2001", "2002-01-01T00:00")]
    [InlineData("p/{hour}", "p/2001-12-31T23", "2002-01-01T00:00")]
    [InlineData("p/{hour}", "p/2001-12-31T22", "2001-12-31T23:00")]
    [InlineData("p/{from:date}/{to:month}", "p/2001-02-28/2001-02", "2001-03-01T00:00")]
    [InlineData("p/{from:date}/{to:month}", "p/2001-05-28/2001-02", "2001-05-29T00:00")]
    public void A_refs_interval_ends_with_the_latest_of_its_times(string pattern, string @ref, string end)
    {
        var found = Project.WithJob().Partition(pattern).Compile().Families[0].IntervalEnd(@ref);
        Assert.Equal(DateTime.Parse(end, System.Globalization.CultureInfo.InvariantCulture), found);
        Assert.Equal(DateTimeKind.Unspecified, found!.Value.Kind);
    }

    [Fact]
    public void A_ref_without_a_time_has_no_interval() => Assert.Null(Project.WithJob().Partition("p/{n:int}").Compile().Families[0].IntervalEnd("p/1"));

    [Theory]
    [InlineData("p/{year}", "p/9999")]
    [InlineData("p/{month}", "p/9999-12")]
    [InlineData("p/{date}", "p/9999-12-31")]
    [InlineData("p/{hour}", "p/9999-12-31T23")]
    public void The_last_interval_of_the_calendar_ends_with_it(string pattern, string @ref) =>
        Assert.Equal(DateTime.MaxValue, Project.WithJob().Partition(pattern).Compile().Families[0].IntervalEnd(@ref));

    [Theory]
    [InlineData("csv/{month}", "data/{month}.csv.gz", "csv/2001-03", "data/2001-03.csv.gz")]
    [InlineData("csv/{month}", "../{month.year}/{month}.csv", "csv/2001-03", "../2001/2001-03.csv")]
    [InlineData("csv/{month}", "C:/data/{month}", "csv/2001-03", "C:/data/2001-03")]
    [InlineData("csv/{month}", "one.csv", "csv/2001-03", "one.csv")]
    [InlineData("u/{name}", "in/{name}", "u/..x", "in/..x")]
    public void A_source_stands_for_a_path(string pattern, string path, string @ref, string expected) =>
        Assert.Equal(expected, Project.WithJob().Source(pattern, path).Compile().Find(@ref)!.SourcePath(@ref));

    [Fact]
    public void No_value_can_lead_a_sources_path_elsewhere()
    {
        var family = Project.WithJob().Source("u/{name}-x", "in/{name}/f").Compile().Families[0];
        Assert.Equal("in/a/f", family.SourcePath("u/a-x"));
        var e = Assert.Throws<DataBuildException>(() => family.SourcePath("u/..-x"));
        Assert.Equal(Rules.BadSourcePath, e.Rule);
        Assert.Equal(Rules.BadSourcePath, Assert.Throws<DataBuildException>(() => family.SourcePath("u/.-x")).Rule);
    }

    [Fact]
    public void A_path_out_of_the_calendar_is_an_error()
    {
        var family = Project.WithJob().Source("u/{year}", "in/{year-1y}").Compile().Families[0];
        Assert.Equal(Rules.TimeOutOfRange, Assert.Throws<DataBuildException>(() => family.SourcePath("u/0001")).Rule);
    }

    [Theory]
    [InlineData("", nameof(Rules.BadSourcePath))]
    [InlineData("x/{date.month-1mo..date.month}", nameof(Rules.BadSourcePath))]
    [InlineData("x/{a|b}", nameof(Rules.BadSourcePath))]
    [InlineData("x/{day}", nameof(Rules.UnknownPlaceholder))]
    [InlineData("x/{date.foo}", nameof(Rules.WrongType))]
    [InlineData("x/{date", nameof(Rules.BadSet))]
    [InlineData("x\\y", nameof(Rules.BadSet))]
    public void A_bad_path_is_refused(string path, string rule) => Project.WithJob().Source("s/{date}", path).Fails(Rule(rule), "Source", "s/{date}");

    [Fact]
    public void Refs_share_a_batch_if_the_values_of_BatchBy_are_equal()
    {
        var family = new Project().Job("make", job => job.BatchBy = "region;n").Partition("p/{region}/{n:int}/{date}").Compile().Families[0];
        Assert.Equal(family.BatchGroup("p/us/1/2001-01-01"), family.BatchGroup("p/us/1/2001-01-02"));
        Assert.NotEqual(family.BatchGroup("p/us/11/2001-01-01"), family.BatchGroup("p/us1/1/2001-01-02"));
        Assert.Equal("us", new Project().Job("make", job => job.BatchBy = "region").Partition("p/{region}").Compile().Families[0].BatchGroup("p/us"));
        Assert.Equal("", Project.WithJob().Partition("p/{region}").Compile().Families[0].BatchGroup("p/us"));
    }

    [Fact]
    public void A_ref_of_another_family_is_a_bug_of_the_caller()
    {
        var family = Project.WithJob().Partition("p/{date}").Compile().Families[0];
        Assert.Throws<ArgumentException>(() => family.IntervalEnd("q/2001-01-01"));
        Assert.Throws<InvalidOperationException>(() => family.SourcePath("p/2001-01-01"));
    }

    private static DiagnosticRule Rule(string name) => (DiagnosticRule)typeof(Rules).GetField(name)!.GetValue(null)!;
}
