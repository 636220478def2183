using System.Text.RegularExpressions;
using DataBuild.Engine.Diagnostics;

namespace DataBuild.Repository.Tests;

/// <summary>The tables of docs/reliability.md promise nothing that no test holds.</summary>
public sealed partial class ReliabilityTests
{
    private const string Page = "docs/reliability.md";

    [Fact]
    public void Every_code_of_the_page_is_in_the_catalogue()
    {
        var known = Rules.All.Select(rule => rule.Code).ToHashSet(StringComparer.Ordinal);
        var named = Code().Matches(Checkout.Read(Page)).Select(match => match.Value).Distinct().ToList();
        Assert.NotEmpty(named);
        Assert.Empty(named.Except(known));
    }

    [Fact]
    public void Every_test_of_the_page_is_a_test()
    {
        string tests = string.Concat(Checkout.Files("tests", "*Tests.cs").Select(Checkout.Read));
        var named = TestName().Matches(Checkout.Read(Page)).Select(match => match.Groups[1].Value).Distinct().ToList();
        Assert.NotEmpty(named);
        Assert.DoesNotContain(named, name => !Regex.IsMatch(tests, $@"\[(Fact|Theory|MountFact)[^\]]*\]\s*(\[(InlineData|MemberData)\(.*\)\]\s*)*public (async )?(void|Task) {name}\("));
    }

    [Fact]
    public void Every_row_that_the_page_quotes_is_one_of_the_mistakes_that_are_tested_with_its_code()
    {
        string mistakes = Checkout.Read("tests/DataBuild.Sdk.Tests/BadProjects.cs");
        foreach (string row in Checkout.Read(Page).Split('\n').Where(line => line.Contains("`A_mistake_in_a_project_is_one_error_at_its_line`", StringComparison.Ordinal)))
        {
            foreach (Match name in Quoted().Matches(row.Split('|')[1]))
            {
                var found = Regex.Match(mistakes, $@"new\(""{Regex.Escape(name.Groups[1].Value)}"",.*""(DBLD\d{{4}})""");
                Assert.True(found.Success, $"no mistake is called {name.Value}");
                Assert.Contains(found.Groups[1].Value, row, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Every_row_of_a_table_with_a_code_of_ours_names_a_test()
    {
        foreach (string row in Checkout.Read(Page).Split('\n').Where(line => line.StartsWith('|') && Code().IsMatch(line)))
        {
            Assert.Matches(TestName(), row);
        }
    }

    [GeneratedRegex("DBLD[0-9]{4}")]
    private static partial Regex Code();

    // A test's name is a sentence.
    [GeneratedRegex("`([A-Z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)+)`")]
    private static partial Regex TestName();

    [GeneratedRegex("\"([^\"]+)\"")]
    private static partial Regex Quoted();
}
