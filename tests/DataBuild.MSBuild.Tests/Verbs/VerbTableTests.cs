using System.Reflection;
using System.Text.RegularExpressions;

namespace DataBuild.MSBuild.Tests.Verbs;

/// <summary>docs/msbuild.md has a row a verb with the name of its test: each such test exists, and no test of a verb is missing there.</summary>
public sealed partial class VerbTableTests
{
    [Fact]
    public void Each_row_of_the_table_names_a_test_and_each_test_of_a_verb_has_a_row()
    {
        var tests = typeof(VerbTableTests).Assembly.GetTypes()
            .Where(type => type.Namespace == typeof(VerbTableTests).Namespace && type != typeof(VerbTableTests))
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
            .Where(method => method.GetCustomAttribute<FactAttribute>() is not null)
            .Select(method => $"{method.DeclaringType!.Name}.{method.Name}")
            .ToHashSet(StringComparer.Ordinal);
        var page = File.ReadAllText(Path.Combine(Sandbox.Known("Repository"), "docs/msbuild.md"));
        var table = page[page.IndexOf("## Verbs", StringComparison.Ordinal)..];
        table = table[..table.IndexOf("\n## The way of a build", StringComparison.Ordinal)];
        var named = Test().Matches(table).Select(match => match.Groups[1].Value).ToHashSet(StringComparer.Ordinal);

        Assert.Empty(named.Except(tests));
        Assert.Empty(tests.Except(named));

        // A row says its command, its effect and its test.
        Assert.All(table.Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal)), row => Assert.Matches(Test(), row));
    }

    [GeneratedRegex("`([A-Za-z]+Tests\\.[A-Za-z0-9_]+)`")]
    private static partial Regex Test();
}
