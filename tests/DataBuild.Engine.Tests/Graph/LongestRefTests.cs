using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Graph;

namespace DataBuild.Engine.Tests.Graph;

/// <summary>A ref may have 1,024 bytes, whatever it is made of and wherever it comes from.</summary>
public sealed class LongestRefTests
{
    // Of this length, ending in '/'.
    private static string Folders(int length) => string.Concat(Enumerable.Repeat(new string('a', 199) + "/", 5)) + new string('b', length - 1001) + "/";

    [Theory]
    [InlineData("{n:int}", "42")]
    [InlineData("{year}", "2001")]
    [InlineData("{month}", "2001-01")]
    [InlineData("{date}", "2001-01-05")]
    [InlineData("{hour}", "2001-01-05T23")]
    [InlineData("{c:enum(red|blue)}", "blue")]
    [InlineData("{s}", "text")]
    public void The_longest_ref_is_wanted_and_needed_and_one_byte_more_is_refused(string placeholder, string value)
    {
        var folders = Folders(PartitionRef.MaxBytes - value.Length);
        var @ref = folders + value;
        var set = placeholder == "{s}" ? $"{{{value}|{value}}}" : $"{{{value}}}";
        var need = placeholder == "{s}" ? "{s}" : $"{{{placeholder.Trim('{', '}').Split(':')[0]}}}";
        var graph = Project.WithJob().Partition(folders + placeholder).Partition("p/" + placeholder, folders + need).Compile();
        Assert.Equal(PartitionRef.MaxBytes, @ref.Length);
        Assert.Equal([@ref], PartitionSet.Parse([folders + set], graph, null).Enumerate());
        Assert.Equal([@ref], graph.Find("p/" + value)!.Needs("p/" + value));
    }

    [Fact]
    public void A_number_that_makes_a_ref_too_long_is_refused()
    {
        var folders = Folders(PartitionRef.MaxBytes - 2);
        var graph = Project.WithJob().Partition(folders + "{n:int}").Partition("p/{n:int}", folders + "{n}").Compile();
        Assert.Equal(folders + "99", PartitionSet.Parse([folders + "{99..99}"], graph, null).Enumerate().Single());
        var e = Assert.Throws<DataBuildException>(() => graph.Find("p/100")!.Needs("p/100"));
        Assert.Equal(Rules.BadRef, e.Rule);
        Assert.StartsWith("the ref 'aaaa", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_batch_of_the_longest_refs_is_grouped_by_all_their_values()
    {
        string[] values = ["a", "b", "c", "d"];
        values = [.. values.Select(value => string.Concat(Enumerable.Repeat(value, 254)))];
        var family = new Project().Job("make", job => job.BatchBy = "a;b;c;d").Partition("p/{a}/{b}/{c}/{d}").Compile().Families[0];
        Assert.Equal(string.Concat(values.Select(value => value + "/")), family.BatchGroup("p/" + string.Join('/', values)));
    }
}
