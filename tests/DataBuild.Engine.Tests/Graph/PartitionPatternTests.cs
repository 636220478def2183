using CsCheck;
using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Graph;

namespace DataBuild.Engine.Tests.Graph;

public sealed class PartitionPatternTests
{
    [Fact]
    public void Placeholders_named_after_times_have_that_type_and_others_are_strings_unless_they_say_otherwise()
    {
        var pattern = PartitionPattern.Parse("{date}/{month}/{year}/{hour}/{name}/{n:int}/{c:enum(red|blue)}/{from:date}/{s:string}");
        Assert.Equal(
            [
                PlaceholderKind.Date, PlaceholderKind.Month, PlaceholderKind.Year, PlaceholderKind.Hour, PlaceholderKind.String,
                PlaceholderKind.Int, PlaceholderKind.Enum, PlaceholderKind.Date, PlaceholderKind.String,
            ],
            pattern.Placeholders.Select(placeholder => placeholder.Kind));
        Assert.Equal(["red", "blue"], pattern.Placeholders[6].Values);
    }

    [Fact]
    public void A_match_gives_the_values_in_the_patterns_order()
    {
        var pattern = PartitionPattern.Parse("d/{region}/{date}.{n:int}.csv");
        Assert.True(pattern.TryMatch("d/eu/2001-01-05.12.csv", out var key));
        Assert.Equal("eu", key["region"]);
        Assert.Equal(
            [new(PlaceholderKind.String, "eu", 0), new(PlaceholderKind.Date, "2001-01-05", new DateOnly(2001, 1, 5).DayNumber), new(PlaceholderKind.Int, "12", 12)],
            key.Values);
        Assert.Throws<KeyNotFoundException>(() => key["nothing"]);
    }

    [Fact]
    public void Keys_are_equal_if_their_values_are()
    {
        var pattern = PartitionPattern.Parse("a/{x}/{n:int}");
        Assert.True(pattern.TryMatch("a/b/1", out var one));
        Assert.True(pattern.TryMatch("a/b/1", out var same));
        Assert.True(pattern.TryMatch("a/b/2", out var other));
        Assert.Equal(one, same);
        Assert.Equal(one.GetHashCode(), same.GetHashCode());
        Assert.NotEqual(one, other);
    }

    [Theory]
    [InlineData("x/{date}", "x/2000-02-29", true)]
    [InlineData("x/{date}", "x/1900-02-29", false)]
    [InlineData("x/{date}", "x/2001-02-30", false)]
    [InlineData("x/{date}", "x/2001-13-01", false)]
    [InlineData("x/{date}", "x/0000-01-01", false)]
    [InlineData("x/{date}", "x/2001-1-5", false)]
    [InlineData("x/{date}", "x/2001-01-05x", false)]
    [InlineData("x/{month}", "x/2001-12", true)]
    [InlineData("x/{month}", "x/2001-00", false)]
    [InlineData("x/{year}", "x/0001", true)]
    [InlineData("x/{year}", "x/0000", false)]
    [InlineData("x/{hour}", "x/2001-01-05T23", true)]
    [InlineData("x/{hour}", "x/2001-01-05T24", false)]
    [InlineData("x/{n:int}", "x/0", true)]
    [InlineData("x/{n:int}", "x/007", false)]
    [InlineData("x/{n:int}", "x/-1", false)]
    [InlineData("x/{n:int}", "x/999999999999999999", true)]
    [InlineData("x/{n:int}", "x/1000000000000000000", false)]
    [InlineData("x/{c:enum(red|blue)}", "x/blue", true)]
    [InlineData("x/{c:enum(red|blue)}", "x/Blue", false)]
    [InlineData("x/{s}", "x/", false)]
    [InlineData("x/{s}", "x/a/b", false)]
    [InlineData("x/{s}", "x/..", false)]
    [InlineData("x/{s}", "x/a\u0001", false)]
    [InlineData("COM{n:int}", "COM1", false)]
    [InlineData("COM{n:int}", "COM10", true)]
    [InlineData("x/{s}-{n:int}.csv", "x/a-b-3.csv", true)]
    [InlineData("x/{c:enum(a|ab)}c", "x/abc", true)]
    public void Only_the_canonical_text_of_a_value_matches(string pattern, string @ref, bool matches) =>
        Assert.Equal(matches, PartitionPattern.Parse(pattern).TryMatch(@ref, out _));

    [Fact]
    public void Formatting_the_key_of_a_ref_gives_the_ref()
    {
        Gens.PatternAndRef.Sample(
            sample =>
            {
                var (pattern, @ref) = sample;
                Assert.Equal(PartitionRef.TryValidate(@ref, out _), pattern.TryMatch(@ref, out var key));
                if (key is not null)
                {
                    Assert.Equal(@ref, pattern.Format(key));
                }
            },
            iter: 2_000);
    }

    [Fact]
    public void A_key_that_makes_no_valid_ref_cannot_be_formatted()
    {
        Assert.True(PartitionPattern.Parse("x{n:int}").TryMatch("x1", out var key));
        var e = Assert.Throws<DataBuildException>(() => PartitionPattern.Parse("COM{n:int}").Format(key));
        Assert.Equal(Rules.BadRef, e.Rule);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/a")]
    [InlineData("a//b")]
    [InlineData("a/")]
    [InlineData("a/../b")]
    [InlineData("a\\b")]
    [InlineData("a*")]
    [InlineData("a;b")]
    [InlineData("a:b")]
    [InlineData("{date")]
    [InlineData("date}")]
    [InlineData("{{date}}")]
    [InlineData("{}")]
    [InlineData("{a-b}")]
    [InlineData("{1}")]
    [InlineData("{a}/{a}")]
    [InlineData("nul/{date}")]
    [InlineData("{c:enum(ok|con)}")]
    [InlineData("{s}.")]
    [InlineData(".databuild/{date}")]
    [InlineData("{c:enum(.databuild|x)}/y")]
    [InlineData("{c:enum()}")]
    [InlineData("{c:enum(a|)}")]
    [InlineData("{c:enum(a|a)}")]
    [InlineData("{c:enum(a|A)}")]
    [InlineData("{c:enum(a/b)}")]
    [InlineData("{c:enum(a..b)}")]
    [InlineData("{c:enum(a(b)}")]
    [InlineData("{c:enum( a)}")]
    [InlineData("{c:enum(a:b)}")]
    public void A_malformed_pattern_is_refused(string text)
    {
        var e = Assert.Throws<DataBuildException>(() => PartitionPattern.Parse(text));
        Assert.Equal(Rules.BadPattern, e.Rule);
        Assert.Contains($"'{text}'", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pattern_has_at_most_32_placeholders()
    {
        static string Pattern(int count) => string.Join('/', Enumerable.Range(0, count).Select(i => $"{{p{i}}}"));
        Assert.Equal(32, PartitionPattern.Parse(Pattern(32)).Placeholders.Count);
        Assert.Equal(Rules.BadPattern, Assert.Throws<DataBuildException>(() => PartitionPattern.Parse(Pattern(33))).Rule);
    }

    [Theory]
    [InlineData("{n:integer}")]
    [InlineData("{n:enum}")]
    [InlineData("{n:}")]
    [InlineData("{date:int}")]
    [InlineData("{month:date}")]
    public void An_unknown_type_or_one_that_belies_the_name_is_refused(string text) =>
        Assert.Equal(Rules.UnknownPlaceholderType, Assert.Throws<DataBuildException>(() => PartitionPattern.Parse(text)).Rule);

    [Theory]
    [InlineData("{a}-{b}")]
    [InlineData("{a}{b:int}")]
    [InlineData("{a:int}{b:int}")]
    [InlineData("{a:enum(x|xy)}{b:enum(z|yz)}")]
    [InlineData("x/{a}1{n:int}")]
    public void A_pattern_that_reads_a_ref_in_two_ways_is_refused_with_such_a_ref(string text)
    {
        var e = Assert.Throws<DataBuildException>(() => PartitionPattern.Parse(text));
        Assert.Equal(Rules.AmbiguousPattern, e.Rule);
        Assert.Contains("two ways", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{a}-{b:int}")]
    [InlineData("{a}-{date}")]
    [InlineData("{a}{date}")]
    [InlineData("{a}/{b}")]
    [InlineData("{a:enum(x|y)}{b:enum(z|yz)}")]
    [InlineData("{a:int}.{b:int}")]
    public void A_pattern_that_reads_each_ref_in_one_way_is_accepted(string text) =>
        Assert.Equal(text, PartitionPattern.Parse(text).Text);

    [Fact]
    public void A_pattern_error_carries_the_origin_it_is_given()
    {
        var origin = new V1.Origin { ItemType = "Partition", Include = "{" };
        Assert.Equal(origin, Assert.Throws<DataBuildException>(() => PartitionPattern.Parse("{", origin)).Origin);
    }
}
