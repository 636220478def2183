using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Graph;

namespace DataBuild.Engine.Tests.Graph;

public sealed class RefRenamesTests
{
    [Fact]
    public void A_ref_keeps_its_values_wherever_they_stand_in_the_new_name()
    {
        var renames = RefRenames.Of("a/{date}/{region}", "b/{region}/of-{date}");
        Assert.Equal("b/eu/of-2001-01-05", renames.To("a/2001-01-05/eu"));
        Assert.Equal("a/2001-01-05/eu", renames.From("b/eu/of-2001-01-05"));
        Assert.Null(renames.To("b/eu/of-2001-01-05"));
        Assert.Null(renames.From("a/2001-01-05/eu"));
    }

    [Theory]
    [InlineData("a/{date}", "a/{date}", "called that already")]
    [InlineData("a/{date}", "b/{day:date}", "'date'")]
    [InlineData("a/{x:int}", "b/{x}", "'x'")]
    [InlineData("a/{x:enum(p|q)}", "b/{x:enum(q|p)}", "'x'")]
    [InlineData("a/{date}", "b/{date}/{n:int}", "'n'")]
    [InlineData("a/{date}/{n:int}", "b/{date}", "'n'")]
    public void Patterns_whose_placeholders_differ_are_no_renames(string from, string to, string hint)
    {
        var e = Assert.Throws<DataBuildException>(() => RefRenames.Of(from, to));
        Assert.Equal(Rules.RenameImpossible, e.Rule);
        Assert.Contains(hint, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Values_that_make_no_valid_new_ref_are_refused() =>
        Assert.Equal(Rules.BadRef, Assert.Throws<DataBuildException>(() => RefRenames.Of("a/x{n:int}", "a/COM{n:int}").To("a/x1")).Rule);
}
