using System.Reflection;
using System.Text;
using DataBuild.Engine.Diagnostics;

namespace DataBuild.Repository.Tests;

public sealed class DiagnosticTests
{
    private static readonly Dictionary<char, string> ranges = new()
    {
        ['1'] = "Authoring", ['2'] = "Tasks, tools and finding the engine", ['3'] = "Graph", ['4'] = "Wants and reconciling", ['5'] = "Runs", ['6'] = "Log and storage", ['7'] = "Service",
    };

    [Fact]
    public void Every_code_is_well_formed_and_unique() => Assert.All(
        Rules.All.GroupBy(rule => rule.Code, StringComparer.Ordinal),
        group =>
        {
            Assert.Matches("^DBLD[1-7][0-9]{3}$", group.Key);
            Assert.Single(group);
        });

    [Fact]
    public void The_page_of_diagnostics_is_made_from_the_catalogue()
    {
        var page = new StringBuilder("""
            # Diagnostics

            Made from the catalogue in `src/DataBuild.Engine/Diagnostics`. Each message says in one line what happened, to which thing,
            why, and what to do next; this page says what lies behind it. Numbers of retired codes are never used again. A bug has no
            code: it is reported as "internal error, please report".

            """.ReplaceLineEndings("\n"));
        foreach (var range in Rules.All.GroupBy(rule => rule.Code[4]))
        {
            page.Append(System.Globalization.CultureInfo.InvariantCulture, $"\n## {range.Key}xxx: {ranges[range.Key]}\n");
            foreach (var rule in range)
            {
                page.Append(System.Globalization.CultureInfo.InvariantCulture, $"\n### {rule.Code}\n\n**{rule.Title}** ({rule.Severity.ToString().ToLowerInvariant()})\n\n{rule.Cause}\n\n*What to do:* {rule.Cure}\n");
            }
        }

        Checkout.Approve("docs/diagnostics.md", page.ToString());
    }

    [Fact]
    public void Every_rule_is_used_outside_the_catalogue()
    {
        string source = string.Concat(Checkout.Files("src", "*.cs").Where(file => !file.Contains("/Diagnostics/Rules.", StringComparison.Ordinal)).Select(Checkout.Read));
        string targets = string.Concat(Checkout.Files("src/DataBuild.Sdk", "*.targets").Select(Checkout.Read));
        var unused = Fields()
            .Where(field => !source.Contains($"Rules.{field.Name}", StringComparison.Ordinal) && !targets.Contains(((DiagnosticRule)field.GetValue(null)!).Code, StringComparison.Ordinal))
            .Select(field => field.Name)
            .ToList();
        Assert.Empty(unused);
    }

    [Fact]
    public void Every_code_is_named_by_a_test()
    {
        string tests = string.Concat(Checkout.Files("tests", "*.cs").Select(Checkout.Read));
        var untested = Fields()
            .Where(field => !tests.Contains(((DiagnosticRule)field.GetValue(null)!).Code, StringComparison.Ordinal) && !tests.Contains($"Rules.{field.Name}", StringComparison.Ordinal))
            .Select(field => field.Name);
        Assert.Empty(untested);
    }

    private static IEnumerable<FieldInfo> Fields() =>
        typeof(Rules).GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.FieldType == typeof(DiagnosticRule));
}
