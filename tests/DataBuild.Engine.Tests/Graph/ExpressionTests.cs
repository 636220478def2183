using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Graph;

namespace DataBuild.Engine.Tests.Graph;

/// <summary>What a set and a need may be written like, wherever they lead.</summary>
public sealed class ExpressionTests
{
    private static readonly GraphLookup Graph = Project.WithJob().Partition("d/{date}").Partition("n/{n:int}").Partition("s/{name}").Compile();

    [Theory]
    [InlineData("d//{2001-01-01}", nameof(Rules.BadRef), "empty segment")]
    [InlineData("/d/{2001-01-01}", nameof(Rules.BadRef), "empty segment")]
    [InlineData("d/{2001-01-01}/", nameof(Rules.BadRef), "empty segment")]
    [InlineData("d/./{2001-01-01}", nameof(Rules.BadRef), "'.' or '..'")]
    [InlineData("d/../{2001-01-01}", nameof(Rules.BadRef), "'.' or '..'")]
    [InlineData("n/{..5}", nameof(Rules.BadSet), "an end missing")]
    [InlineData("n/{5..}", nameof(Rules.BadSet), "an end missing")]
    [InlineData("n/{1..2..3}", nameof(Rules.BadSet), "an end missing")]
    [InlineData("s/{a*|b}", nameof(Rules.BadSet), "*")]
    [InlineData("n/{1..*}", nameof(Rules.BadSet), "*")]
    public void A_set_that_cannot_be_read_is_refused_for_that_reason(string expression, string rule, string hint)
    {
        var e = Assert.Throws<DataBuildException>(() => PartitionSet.Parse([expression], Graph, null));
        Assert.Equal(rule, typeof(Rules).GetFields().Single(field => ReferenceEquals(field.GetValue(null), e.Rule)).Name);
        Assert.Contains(hint, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_set_has_at_most_thirty_two_braces()
    {
        var e = Assert.Throws<DataBuildException>(() => PartitionSet.Parse([string.Join('/', Enumerable.Repeat("{a|b}", 33))], Graph, null));
        Assert.Equal(Rules.BadSet, e.Rule);
        Assert.Contains("more than 32 braces", e.Message, StringComparison.Ordinal);
        Assert.Equal(Rules.NoProducer, Assert.Throws<DataBuildException>(() => PartitionSet.Parse([string.Join('/', Enumerable.Repeat("{1..2}", 32))], Graph, null)).Rule);
    }
}
