using CsCheck;
using DataBuild.Engine.Log;

namespace DataBuild.Engine.Tests.Log;

public sealed class RefGlobTests
{
    [Theory]
    [InlineData("a/b", "a/b", true)]
    [InlineData("a/b", "a/bc", false)]
    [InlineData("a/*", "a/b", true)]
    [InlineData("a/*", "a/b/c", false)]
    [InlineData("a/**", "a/b/c", true)]
    [InlineData("**/c", "a/b/c", true)]
    [InlineData("**/c", "c", false)]
    [InlineData("*", "c", true)]
    [InlineData("**", "a/b/c", true)]
    [InlineData("a/*-01-*.csv", "a/2001-01-05.csv", true)]
    [InlineData("a/*-01-*.csv", "a/2001-02-05.csv", false)]
    [InlineData("a*", "a", true)]
    [InlineData("", "", true)]
    [InlineData("a", "", false)]
    public void A_star_stays_in_its_segment_and_two_do_not(string glob, string name, bool matches)
    {
        Assert.Equal(matches, new RefGlob(glob).Matches(name));
        Assert.Equal(matches, new RefGlob(glob).Meets(new(name)));
    }

    [Theory]
    [InlineData("{2001-01-30..2001-02-02}", "2001-02-01", true)]
    [InlineData("{2001-01-30..2001-02-02}", "2001-02-03", false)]
    [InlineData("{2001-01-30..2001-02-02}", "2001-02-0x", false)]
    [InlineData("{2001-01-30..2001-02-02}", "2001-02", false)]
    [InlineData("{2001-01-30..2001-02-02}", "2001-02-*", true)]
    [InlineData("{2001-01-30..2001-02-02}", "2001-*", true)]
    [InlineData("{2001-01-30..2001-02-02}", "2002-*", false)]
    [InlineData("{2001-01-30..2001-02-02}", "*", true)]
    [InlineData("{2001-01-05T03..2001-01-05T07}", "2001-01-05T07", true)]
    [InlineData("{2001-01-05T03..2001-01-05T07}", "2001-01-05T08", false)]
    [InlineData("{1..12}", "9", true)]
    [InlineData("{1..12}", "12", true)]
    [InlineData("{1..12}", "13", false)]
    [InlineData("{1..12}", "09", false)]
    [InlineData("{01..12}", "09", true)]
    [InlineData("{-2..2}", "-1", true)]
    [InlineData("{-2..2}", "-3", false)]
    [InlineData("{us|eu}/x", "eu/x", true)]
    [InlineData("{us|eu}/x", "uk/x", false)]
    [InlineData("{us|eu}/x", "u*/x", true)]
    [InlineData("{2001..2003|2010}/y", "2010/y", true)]
    [InlineData("{2001..2003|2010}/y", "2005/y", false)]
    [InlineData("a/{2001-01..2001-03}/{us|eu}.csv", "a/2001-02/us.csv", true)]
    [InlineData("a/{2001-01..2001-03}/{us|eu}.csv", "**/eu*", true)]
    [InlineData("a/{2001-01..2001-03}/{us|eu}.csv", "a/*", false)]
    [InlineData("a/{2001-01..2001-03}/{us|eu}.csv", "a/2001-04/**", false)]
    [InlineData("a{b", "a{b", true)]
    [InlineData("a/{region.all}/{2001..2002}", "a/us/2001", true)]
    [InlineData("a/{region.all}/{2001..2002}", "a/us/2003", false)]
    [InlineData("a/{region}/x", "a/us/x", true)]
    [InlineData("a/{region}/x", "a//x", false)]
    [InlineData("a/{region}/x", "a/u/s/x", false)]
    [InlineData("a/{region}/x", "a/*/x", true)]
    [InlineData("a/{region}/x", "**x", true)]
    [InlineData("a/{region}/x", "a/*s*/y", false)]
    public void A_set_meets_what_could_name_a_ref_of_it(string set, string glob, bool meets) =>
        Assert.Equal(meets, new RefGlob(glob).Meets(new(set)));

    [Fact]
    public void A_range_of_days_has_just_its_days() =>
        Gen.Select(Gen.Int[0, 800], Gen.Int[0, 800], Gen.Int[0, 800]).Sample((first, second, third) =>
        {
            var (from, to, day) = (Day(Math.Min(first, second)), Day(Math.Max(first, second)), Day(third));
            var inside = third >= Math.Min(first, second) && third <= Math.Max(first, second);
            Assert.Equal(inside, new RefGlob($"d/{day}").Meets(new($"d/{{{from}..{to}}}")));
        });

    [Fact]
    public void A_glob_that_matches_a_ref_of_a_set_meets_the_set() =>
        Gen.Select(Gen.Char["ab/"].Array[0, 8], Gen.Char["ab/*"].Array[0, 6], Gen.Char["ab/"].Array[0, 3]).Sample((text, globText, other) =>
        {
            var (name, glob) = (new string(text), new RefGlob(new string(globText)));
            var cut = name.Length / 2;
            var set = new RefSetText($"{name[..cut]}{{{new string(other)}|{name[cut..]}}}");
            Assert.Equal(glob.Matches(name) || glob.Matches(name[..cut] + new string(other)), glob.Meets(set));
        });

    private static string Day(int number) => new DateOnly(2000, 1, 1).AddDays(number).ToString("O");
}
