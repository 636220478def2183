using CsCheck;
using DataBuild.Engine.Graph;

namespace DataBuild.Engine.Tests.Graph;

public sealed class GraphLookupTests
{
    private static readonly GraphLookup Graph = Project.WithJob()
        .Partition("delays/daily/{date}")
        .Partition("delays/daily/summary")
        .Partition("delays/{region:enum(us|eu)}/{month}.html")
        .Partition("delays/user-{name}.csv")
        .Partition("dev/COM{n:int}")
        .Partition("{x}/deep/{n:int}-{y}.txt")
        .Source("csv/{month}")
        .Compile();

    [Theory]
    [InlineData("delays/daily/2001-01-05", "delays/daily/{date}")]
    [InlineData("delays/daily/summary", "delays/daily/summary")]
    [InlineData("delays/eu/2001-01.html", "delays/{region:enum(us|eu)}/{month}.html")]
    [InlineData("delays/user-a.csv.csv", "delays/user-{name}.csv")]
    [InlineData("dev/COM12", "dev/COM{n:int}")]
    [InlineData("delays/deep/12-a-3.txt", "{x}/deep/{n:int}-{y}.txt")]
    [InlineData("csv/2001-01", "csv/{month}")]
    [InlineData("delays/daily/2001-01-32", null)]
    [InlineData("delays/daily", null)]
    [InlineData("delays/daily/", null)]
    [InlineData("delays/daily/2001-01-05/x", null)]
    [InlineData("dev/COM1", null)]
    [InlineData("delays/user-\n.csv", null)]
    [InlineData("../deep/1-a.txt", null)]
    [InlineData(".databuild/deep/1-a.txt", null)]
    [InlineData("delays/user-.csv", null)]
    [InlineData("", null)]
    public void A_ref_is_found_in_the_one_family_whose_pattern_matches(string @ref, string? pattern)
    {
        Assert.Equal(pattern, Graph.Find(@ref)?.Pattern.Text);
        Assert.Equal(pattern, Graph.Find(@ref, out var key)?.Pattern.Text);
        Assert.Equal(pattern is null, key is null);
    }

    [Trait("Category", "Slow")]
    [Fact]
    public void The_lookup_agrees_with_trying_each_pattern()
    {
        Gens.PatternAndRef.List[2, 6].Sample(
            samples =>
            {
                var project = Project.WithJob();
                samples.ForEach(sample => project.Partition(sample.Pattern.Text));
                if (GraphCompiler.Compile(project.Document).Graph is { } graph)
                {
                    foreach (var (_, @ref) in samples)
                    {
                        Assert.Equal(graph.Families.SingleOrDefault(family => family.Pattern.TryMatch(@ref, out _)), graph.Find(@ref));
                    }
                }
            },
            iter: 1_000);
    }

    [Fact]
    public void A_lookup_allocates_nothing()
    {
        string[] refs = ["delays/daily/2001-01-05", "delays/eu/2001-01.html", "delays/user-a.csv", "delays/deep/12-a-3.txt", "delays/nothing/x", "dev/COM1"];
        FindAll();
        var before = GC.GetAllocatedBytesForCurrentThread();
        FindAll();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void FindAll()
        {
            foreach (var @ref in refs)
            {
                Graph.Find(@ref);
            }
        }
    }

    [Theory]
    [InlineData("delays/dialy/2001-01-05", "delays/daily/{date}")]
    [InlineData("delays/daily/2001-1-5", "delays/daily/{date}")]
    [InlineData("delay/eu/2001-01.html", "delays/{region:enum(us|eu)}/{month}.html")]
    [InlineData("cvs/2001-01", "csv/{month}")]
    [InlineData("something/else/entirely", null)]
    public void The_nearest_pattern_is_the_one_with_the_fewest_wrong_characters(string @ref, string? nearest) => Assert.Equal(nearest, Graph.Nearest(@ref));

    [Fact]
    public void A_ref_without_a_producer_is_explained_in_one_line() =>
        Assert.Equal(
            "no job produces 'delays/dialy/2001-01-07', reported missing by job report. Did you mean the pattern 'delays/daily/{date}'?",
            Graph.NoProducerText("delays/dialy/2001-01-07", "reported missing by job report"));

    [Fact]
    public void A_thousand_patterns_compile_and_are_told_apart()
    {
        var project = Project.WithJob();
        for (var i = 0; i < 1_000; i++)
        {
            project.Partition($"t{i:D4}-{{region:enum(us|eu)}}/{{date}}", i == 0 ? "" : $"t{i - 1:D4}-{{region}}/{{date}}");
        }

        var graph = project.Compile();
        for (var i = 0; i < 1_000; i++)
        {
            Assert.Equal(i, graph.Find($"t{i:D4}-eu/2001-01-05")!.Index);
        }
    }
}
