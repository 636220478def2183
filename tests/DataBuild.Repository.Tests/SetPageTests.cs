using System.Globalization;
using System.Xml.Linq;
using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Graph;
using DataBuild.V1;
using PartitionSet = DataBuild.Engine.Graph.PartitionSet;

namespace DataBuild.Repository.Tests;

/// <summary>Each row of docs/sets.md, read by the engine's own parser.</summary>
public sealed class SetPageTests
{
    private const string Page = "docs/sets.md";

    private static readonly DateTime today = new(2001, 3, 15);

    public static IEnumerable<object[]> Sets => PageTable.Rows(Page, "set", "refs");

    public static IEnumerable<object[]> WrongSets => PageTable.Rows(Page, "set", "because");

    public static IEnumerable<object[]> Needs => PageTable.Rows(Page, "in the pattern", "of");

    [Theory]
    [MemberData(nameof(Sets))]
    public void A_set_has_the_refs_that_the_page_says(string set, string count, string first, string last)
    {
        var parsed = PartitionSet.Parse([set], Graph(), today);

        Assert.Equal(long.Parse(count, CultureInfo.InvariantCulture), parsed.Count);
        Assert.Equal(first, parsed.Enumerate().FirstOrDefault() ?? "");
        Assert.Equal(last, parsed.Enumerate().LastOrDefault() ?? "");
    }

    [Theory]
    [MemberData(nameof(WrongSets))]
    public void A_wrong_set_is_refused_for_the_reason_that_the_page_gives(string set, string because)
    {
        var error = Assert.Throws<DataBuildException>(() => PartitionSet.Parse([set], Graph(), today));

        Assert.Contains(because, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Needs))]
    public void A_need_gives_the_refs_that_the_page_says(string pattern, string @ref, string need, string count, string first, string last)
    {
        var needs = Graph(new PartitionDefinition { Pattern = pattern, Job = "make", Needs = need }).Find(@ref)!.Needs(@ref);

        Assert.Equal(count, needs.Count.ToString(CultureInfo.InvariantCulture));
        Assert.Equal((first, last), (needs[0], needs[^1]));
    }

    [Fact]
    public void Every_type_of_the_engine_is_on_the_page() => Assert.Equal(
        Enum.GetNames<PlaceholderKind>().Select(name => name.ToLowerInvariant()).Order(),
        PageTable.Rows(Page, "type", "written").Select(row => row[0].Split('(')[0]).Order());

    /// <summary>The families that the page declares.</summary>
    private static GraphLookup Graph(params PartitionDefinition[] more)
    {
        var document = new GraphDocument { Jobs = { new JobDefinition { Label = "make", Command = "make" } } };
        foreach (var item in XElement.Parse($"<all>{PageTable.Blocks(Page, "xml").Single()}</all>").Elements())
        {
            string include = item.Attribute("Include")!.Value;
            if (item.Name == "Source")
            {
                document.Sources.Add(new SourceDefinition { Pattern = include, Path = item.Attribute("Path")!.Value });
            }
            else
            {
                document.Partitions.Add(new PartitionDefinition { Pattern = include, Job = item.Attribute("Job")!.Value });
            }
        }

        document.Partitions.Add(more);
        var compilation = GraphCompiler.Compile(document);
        return compilation.Graph ?? throw new InvalidOperationException(string.Join('\n', compilation.Diagnostics.Select(diagnostic => diagnostic.Text)));
    }
}
