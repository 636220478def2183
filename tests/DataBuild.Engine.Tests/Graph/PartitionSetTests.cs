using CsCheck;
using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Graph;

namespace DataBuild.Engine.Tests.Graph;

public sealed class PartitionSetTests
{
    private static readonly DateTime Today = new(2001, 3, 1);

    private static readonly GraphLookup Graph = Project.WithJob()
        .Partition("d/{date}").Partition("m/{month}.html").Partition("y/{year}").Partition("h/{hour}").Partition("n/{n:int}").Partition("s/{name}")
        .Partition("r/{region:enum(us|eu|cn)}/{date}").Partition("x/{name}/{n:int}").Partition("f/{name}.csv")
        .Partition("us/{date}").Partition("eu/{date}").Partition("k/{region:enum(us|eu)}/{month}").Partition("k/{zone:enum(cn|in)}/{month}")
        .Partition("COM{n:int}").Partition("one").Source("csv/{month}")
        .Compile();

    private static PartitionSet Parse(params string[] expressions) => PartitionSet.Parse(expressions, Graph, Today);

    [Theory]
    [InlineData("one", "one")]
    [InlineData("d/2001-01-05", "d/2001-01-05")]
    [InlineData("d/{2001-02-27..2001-03-01}", "d/2001-02-27 d/2001-02-28 d/2001-03-01")]
    [InlineData("d/{2001-02-27}", "d/2001-02-27")]
    [InlineData("d/{2001-02-27|2001-01-01..2001-01-02}", "d/2001-01-01 d/2001-01-02 d/2001-02-27")]
    [InlineData("d/{2001-01-01..2001-01-03|2001-01-02..2001-01-04}", "d/2001-01-01 d/2001-01-02 d/2001-01-03 d/2001-01-04")]
    [InlineData("m/{2000-12..2001-01}.html", "m/2000-12.html m/2001-01.html")]
    [InlineData("y/{1999..2000}", "y/1999 y/2000")]
    [InlineData("h/{2000-12-31T23..2001-01-01T00}", "h/2000-12-31T23 h/2001-01-01T00")]
    [InlineData("n/{9..11}", "n/9 n/10 n/11")]
    [InlineData("s/{b|a|b}", "s/b s/a")]
    [InlineData("f/x-{a|b}.csv", "f/x-a.csv f/x-b.csv")]
    [InlineData("r/{eu|us}/{2001-01-01..2001-01-02}", "r/us/2001-01-01 r/us/2001-01-02 r/eu/2001-01-01 r/eu/2001-01-02")]
    [InlineData("r/cn/{2001-01-01..2001-01-02}", "r/cn/2001-01-01 r/cn/2001-01-02")]
    [InlineData("r/{region}/2001-01-01", "r/us/2001-01-01 r/eu/2001-01-01 r/cn/2001-01-01")]
    [InlineData("r/{region.all}/2001-01-01", "r/us/2001-01-01 r/eu/2001-01-01 r/cn/2001-01-01")]
    [InlineData("x/{a|b}/{1..2}", "x/a/1 x/a/2 x/b/1 x/b/2")]
    [InlineData("{us|eu}/{2001-01-01..2001-01-02}", "us/2001-01-01 us/2001-01-02 eu/2001-01-01 eu/2001-01-02")]
    [InlineData("k/{us|cn}/{2001-01..2001-02}", "k/us/2001-01 k/us/2001-02 k/cn/2001-01 k/cn/2001-02")]
    [InlineData("f/{a.csv|b.csv}", "f/a.csv f/b.csv")]
    [InlineData("d/{today-2d..today}", "d/2001-02-27 d/2001-02-28 d/2001-03-01")]
    [InlineData("d/{today}", "d/2001-03-01")]
    [InlineData("d/{today-1mo}", "d/2001-02-01")]
    [InlineData("m/{today-1mo..today}.html", "m/2001-02.html m/2001-03.html")]
    [InlineData("m/{today.month-1mo}.html", "m/2001-02.html")]
    [InlineData("y/{today-1y..today}", "y/2000 y/2001")]
    [InlineData("h/{today..today+1h}", "h/2001-03-01T00 h/2001-03-01T01")]
    [InlineData("d/{today-1mo.month.days}", "d/2001-02-01 ...")]
    [InlineData("d/{2030-01-01..today}", "")]
    [InlineData("m/{2030-01..today.month}.html", "")]
    [InlineData("h/{2030-01-01T00..today+1h}", "")]
    [InlineData("n/{7..7}", "n/7")]
    public void A_set_lists_its_refs_in_natural_order(string expression, string expected)
    {
        var set = Parse(expression);
        var refs = set.Enumerate().ToList();
        if (expected.EndsWith("...", StringComparison.Ordinal))
        {
            Assert.Equal(28, refs.Count);
            refs = [refs[0], "..."];
        }
        else
        {
            Assert.Equal(set.Count, refs.Count);
        }

        Assert.Equal(expected, string.Join(' ', refs));
    }

    [Fact]
    public void A_set_is_the_union_of_its_expressions_and_counts_each_ref_once()
    {
        var set = Parse("d/2001-01-03", "d/2001-02-01", "d/{2001-01-01..2001-01-04}", "d/{2001-01-03..2001-01-06}", "d/2001-02-01", "r/{us|eu}/{2001-01-01..2001-01-02}", "r/{eu|cn}/{2001-01-02..2001-01-03}");
        var refs = set.Enumerate().ToList();
        Assert.Equal(6 + 1 + 4 + 3, set.Count);
        Assert.Equal(refs.Count, refs.Distinct().Count());
        Assert.Equal(set.Count, refs.Count);
        Assert.Equal(["d/{date}", "r/{region:enum(us|eu|cn)}/{date}"], set.Families.Select(family => family.Pattern.Text));
    }

    [Fact]
    public void Relative_ends_are_replaced_and_all_else_is_kept()
    {
        Assert.Equal(["d/{2001-02-27..2001-03-01}"], Parse("d/{today-2d..today}").Text);
        Assert.Equal(["m/{2001-02..2001-03}.html"], Parse("m/{today-1mo..today}.html").Text);
        Assert.Equal(["us/{2001-03-01}", "eu/{2001-03-01}"], Parse("{us|eu}/{today}").Text);
        Assert.Equal(["d/{2001-03-01|2001-01-01}"], Parse("d/{today|2001-01-01}").Text);
        Assert.Equal(["{us|eu}/{2001-01-01..2001-01-02}", "one"], Parse("{us|eu}/{2001-01-01..2001-01-02}", "one").Text);
        Assert.Empty(Parse("d/{2030-01-01..today}").Text);
        Assert.Equal("one;d/2001-01-01", Parse("one", "d/2001-01-01").ToString());
    }

    [Fact]
    public void The_union_of_any_two_sets_of_numbers_has_each_number_once()
    {
        var all = Enumerable.Range(1, 31).Select(bits => Enumerable.Range(0, 5).Where(n => (bits & (1 << n)) != 0).ToArray()).ToList();
        foreach (var one in all)
        {
            foreach (var two in all)
            {
                var set = Parse($"n/{{{string.Join('|', one)}}}", $"n/{{{string.Join('|', two)}}}");
                var expected = one.Union(two).Order().Select(n => $"n/{n}").ToList();
                Assert.Equal(expected, set.Enumerate().Order(StringComparer.Ordinal));
                Assert.Equal(expected.Count, set.Count);
                Assert.Equal(expected, Enumerable.Range(0, 8).Select(n => $"n/{n}").Where(set.Contains));
            }
        }
    }

    [Theory]
    [InlineData("s/{a|b|c}", "s/{b|d}", "s/a s/b s/c s/d")]
    [InlineData("n/{1..3}", "n/{7..9}", "n/1 n/2 n/3 n/7 n/8 n/9")]
    [InlineData("n/{1..5}", "n/{5..7}", "n/1 n/2 n/3 n/4 n/5 n/6 n/7")]
    [InlineData("x/{a|b}/{1..2}", "x/{c|a}/{2..3}", "x/a/1 x/a/2 x/a/3 x/b/1 x/b/2 x/c/2 x/c/3")]
    [InlineData("x/{a|b}/{1..2}", "x/{c|d}/{2..3}", "x/a/1 x/a/2 x/b/1 x/b/2 x/c/2 x/c/3 x/d/2 x/d/3")]
    [InlineData("r/cn/{2001-01-01..2001-01-02}", "r/{us|cn}/{2001-01-02..2001-01-03}", "r/cn/2001-01-01 r/cn/2001-01-02 r/cn/2001-01-03 r/us/2001-01-02 r/us/2001-01-03")]
    public void Sets_of_one_family_are_united(string one, string two, string expected)
    {
        var set = Parse(one, two);
        Assert.Equal(expected, string.Join(' ', set.Enumerate().Order(StringComparer.Ordinal)));
        Assert.Equal(expected.Split(' ').Length, set.Count);
        Assert.All(expected.Split(' '), @ref => Assert.True(set.Contains(@ref)));
    }

    [Fact]
    public void Of_several_patterns_that_a_set_does_not_fit_the_first_ones_problem_is_shown() =>
        Assert.Contains("'region'", Assert.Throws<DataBuildException>(() => Parse("k/{xx|yy}/{2001-01..2001-02}")).Message, StringComparison.Ordinal);

    [Fact]
    public void A_set_of_a_million_refs_is_counted_without_listing_them()
    {
        var set = Parse("n/{1..1000000}", "x/{a|b|c}/{0..999999999999}");
        Assert.Equal(3_000_001_000_000, set.Count);
        Assert.Equal(["n/1", "n/2"], set.Enumerate().Take(2));
        Assert.True(set.Contains("x/b/999999999999"));
        Assert.False(set.Contains("x/d/1"));
        Assert.False(set.Contains("n/0"));
        Assert.False(set.Contains("n/01"));
        Assert.False(set.Contains("nothing"));
    }

    [Theory]
    [InlineData("d/{2001-01-02..2001-01-01}", nameof(Rules.InvertedRange))]
    [InlineData("d/{today..today-1d}", nameof(Rules.InvertedRange))]
    [InlineData("d/{date}", nameof(Rules.NotEnumerable))]
    [InlineData("n/{n}", nameof(Rules.NotEnumerable))]
    [InlineData("s/{name}", nameof(Rules.NotEnumerable))]
    [InlineData("s/{x}", nameof(Rules.NotEnumerable))]
    [InlineData("s/{name.all}", nameof(Rules.NotEnumerable))]
    [InlineData("s/{a..b}", nameof(Rules.NotEnumerable))]
    [InlineData("r/{us..eu}/2001-01-01", nameof(Rules.NotEnumerable))]
    [InlineData("r/{us|xx}/2001-01-01", nameof(Rules.WrongType))]
    [InlineData("r/{zone}/2001-01-01", nameof(Rules.WrongType))]
    [InlineData("d/{2001-02-30}", nameof(Rules.WrongType))]
    [InlineData("d/{2001-01}", nameof(Rules.WrongType))]
    [InlineData("d/{tomorrow}", nameof(Rules.WrongType))]
    [InlineData("m/{today.year}.html", nameof(Rules.WrongType))]
    [InlineData("d/{today-1m}", nameof(Rules.WrongType))]
    [InlineData("n/{today}", nameof(Rules.WrongType))]
    [InlineData("s/{a/b|c}", nameof(Rules.WrongType))]
    [InlineData("d/{today-9999y}", nameof(Rules.TimeOutOfRange))]
    [InlineData("d/{2001-01-01..}", nameof(Rules.BadSet))]
    [InlineData("d/{", nameof(Rules.BadSet))]
    [InlineData("d/*", nameof(Rules.BadRef))]
    [InlineData("../d/2001-01-01", nameof(Rules.BadRef))]
    [InlineData("", nameof(Rules.BadRef))]
    [InlineData("s/{a|.}", nameof(Rules.BadRef))]
    [InlineData("s/{a|nul}", nameof(Rules.BadRef))]
    [InlineData("s/{a|b|c|d|e|f|g|h|i|j|nul|k}", nameof(Rules.BadRef))]
    [InlineData("x/{a|nul|b}/{1..20}", nameof(Rules.BadRef))]
    [InlineData("s/{a|b..c}", nameof(Rules.NotEnumerable))]
    [InlineData("COM{5..12}", nameof(Rules.BadRef))]
    [InlineData("nothing/{a|b}", nameof(Rules.NoProducer))]
    [InlineData("{us|xx}/{2001-01-01..2001-01-02}", nameof(Rules.NoProducer))]
    [InlineData("d/2001-02-30", nameof(Rules.NoProducer))]
    [InlineData("csv/2001-01", nameof(Rules.SourceWanted))]
    [InlineData("csv/{2001-01..2001-02}", nameof(Rules.SourceWanted))]
    public void A_set_that_means_nothing_is_refused(string expression, string rule)
    {
        var e = Assert.Throws<DataBuildException>(() => Parse(expression));
        Assert.Equal(rule, typeof(Rules).GetFields().Single(field => ReferenceEquals(field.GetValue(null), e.Rule)).Name);
        Assert.DoesNotContain('\n', e.Message);
    }

    [Fact]
    public void A_relative_end_needs_a_day()
    {
        var e = Assert.Throws<DataBuildException>(() => PartitionSet.Parse(["d/{today}"], Graph, null));
        Assert.Equal(Rules.RelativeEndWithoutDay, e.Rule);
        Assert.Equal(1, PartitionSet.Parse(["d/{2001-01-01}"], Graph, null).Count);
    }

    [Fact]
    public void A_set_too_large_to_count_is_refused()
    {
        var huge = Project.WithJob().Partition("{a:int}/{b:int}").Compile();
        Assert.Equal(Rules.SetTooLarge, Assert.Throws<DataBuildException>(() => PartitionSet.Parse(["{0..999999999}/{0..99999999999}"], huge, null)).Rule);
        Assert.Equal(
            Rules.SetTooLarge,
            Assert.Throws<DataBuildException>(() => PartitionSet.Parse(Enumerable.Range(0, 10).Select(i => $"{{{i}00000000000000000..{i}99999999999999998}}/{{0..99}}").Skip(1), huge, null)).Rule);
    }

    [Fact]
    public void Every_wrong_expression_is_reported_with_its_origin()
    {
        var origin = new V1.Origin { ItemType = "Want", Include = "x" };
        Assert.Null(PartitionSet.TryParse(["nothing", "one", "d/{date}"], Graph, null, origin, out var diagnostics));
        Assert.Equal([Rules.NoProducer.Code, Rules.NotEnumerable.Code], diagnostics.Select(diagnostic => diagnostic.Code));
        Assert.All(diagnostics, diagnostic => Assert.Equal(origin, diagnostic.Origin));
        Assert.Equal(1, PartitionSet.TryParse(["one"], Graph, null, origin, out diagnostics)!.Count);
        Assert.Empty(diagnostics);
        Assert.Equal(origin, Assert.Throws<DataBuildException>(() => PartitionSet.Parse(["nothing"], Graph, null, origin)).Origin);
    }

    [Fact]
    public void Enumerate_and_Contains_and_Count_agree_and_the_text_gives_the_same_set()
    {
        var graph = Project.WithJob().Partition("a/{n:int}/{e:enum(x|y|z)}").Partition("b/{date}").Partition("c/{s}").Compile();
        var number = Gen.Select(Gen.Int[0, 9], Gen.Int[0, 4]).Select((low, more) => $"{low}..{low + more}");
        var numbers = number.List[1, 3].Select(items => string.Join('|', items));
        var letters = Gen.OneOf("x", "y|z", "z|x", "e", "e.all");
        var day = Gen.Int[-3, 3].Select(shift => shift < 0 ? $"today{shift}d" : $"2001-03-0{shift + 1}");
        var expression = Gen.OneOf<string>(
            Gen.Select(numbers, letters).Select((n, e) => $"a/{{{n}}}/{{{e}}}"),
            Gen.Select(Gen.Int[0, 12], Gen.OneOf("x", "y")).Select((n, e) => $"a/{n}/{e}"),
            Gen.Select(Gen.Int[0, 12], letters).Select((n, e) => $"a/{n}/{{{e}}}"),
            Gen.Select(Gen.Int[1, 3], Gen.Int[0, 3]).Select((back, more) => $"b/{{today-{back}d..2001-03-0{more + 1}}}"),
            day.Select(text => $"b/{{{text}}}"),
            Gen.OneOf("c/{p|q}", "c/{q|r|s}", "c/p"));
        string[] all =
        [
            .. Enumerable.Range(0, 16).SelectMany(n => "xyzw".Select(e => $"a/{n}/{e}")),
            .. Enumerable.Range(1, 28).Select(d => $"b/2001-02-{d:D2}"), .. Enumerable.Range(1, 9).Select(d => $"b/2001-03-{d:D2}"),
            .. "pqrst".Select(c => $"c/{c}"),
        ];
        expression.List[1, 6].Sample(
            expressions =>
            {
                var set = PartitionSet.Parse(expressions, graph, Today);
                var refs = set.Enumerate().ToList();
                Assert.Equal(set.Count, refs.Count);
                Assert.Equal(all.Where(set.Contains).Order(StringComparer.Ordinal), refs.Order(StringComparer.Ordinal));
                var single = expressions.SelectMany(text => PartitionSet.Parse([text], graph, Today).Enumerate()).Distinct();
                Assert.Equal(single.Order(StringComparer.Ordinal), refs.Order(StringComparer.Ordinal));
                Assert.Equal(refs, PartitionSet.Parse(set.Text, graph, null).Enumerate());
            },
            iter: 1_000);
    }
}
