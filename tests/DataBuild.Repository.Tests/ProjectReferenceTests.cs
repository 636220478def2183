using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace DataBuild.Repository.Tests;

/// <summary>docs/dbproj.md is made from the SDK's own declarations and the comments beside them.</summary>
public sealed partial class ProjectReferenceTests
{
    private const string Items = "src/DataBuild.Sdk/Sdk/DataBuild.Items.props";

    private static readonly string[] properties = ["src/DataBuild.Sdk/Sdk/DataBuild.Properties.props", "src/DataBuild.Sdk/Sdk/DataBuild.Environment.props"];

    [Fact]
    public void The_reference_is_made_from_the_declarations()
    {
        var page = new StringBuilder("""
            # The project file

            Made from the SDK's declarations, `src/DataBuild.Sdk/Sdk/DataBuild.Items.props` and `DataBuild.Properties.props`.

            A project says `<Project Sdk="DataBuild.Sdk">` and holds the items below. What is a list is parted by `;`. Paths are relative to
            the project's folder. Durations are a whole number with a unit: `500ms`, `30s`, `10m`, `6h`, `7d`, `2w`. Patterns, sets and needs
            are described in [sets.md](sets.md), targets and builds in [msbuild.md](msbuild.md), and what jobs are given in [jobs.md](jobs.md).

            Metadata that is not listed here is a warning that names the nearest one that is. All is text to MSBuild: `$(Name)`, `@(Name)`,
            `%hh`, `*` and `?` mean something to it, and where that would change what was written, the build says so and how to write it.

            """.ReplaceLineEndings("\n"));
        foreach (var item in Declarations(Items))
        {
            page.Append($"\n## {item.Name}\n\n{CommentOf(item)}\n\n| metadata | type | unless set | |\n| --- | --- | --- | --- |\n");
            foreach (var metadata in item.Elements())
            {
                page.Append(Row(metadata));
            }
        }

        page.Append("\n## Properties\n\nIn a `PropertyGroup` of the project, in a `Directory.Build.props`, or on the command line: `-p:NAME=VALUE`.\n\n| property | type | default | |\n| --- | --- | --- | --- |\n");
        foreach (var property in properties.Where(file => File.Exists(Path.Combine(Checkout.Root, file))).SelectMany(Declarations))
        {
            page.Append(Row(property));
        }

        Checkout.Approve("docs/dbproj.md", page.ToString());
    }

    /// <summary>Items, or those properties that are a project's business: not the SDK's private ones, and not where its parts are.</summary>
    private static IEnumerable<XElement> Declarations(string file) => XDocument.Parse(Checkout.Read(file)).Root!.Elements()
        .Where(group => group.Attribute("Condition") is null)
        .SelectMany(group => group.Nodes().TakeWhile(node => node is not XComment comment || !comment.Value.StartsWith(" Where the parts", StringComparison.Ordinal)))
        .OfType<XElement>()
        .Where(declaration => !declaration.Name.LocalName.StartsWith('_'));

    private static string Row(XElement declaration)
    {
        var comment = Comment().Match(CommentOf(declaration));
        Assert.True(comment.Success, $"the comment of {declaration.Name} says no type: 'Type: duration. Unless set: no limit. What it means.'");
        string unset = comment.Groups["unset"].Value;
        Assert.True((declaration.Value.Length == 0) == (unset.Length > 0), $"{declaration.Name} has a default or says what holds unless it is set: one of the two");
        string[] cells = [$"`{declaration.Name}`", comment.Groups["type"].Value, unset.Length > 0 ? unset : $"`{declaration.Value}`", comment.Groups["meaning"].Value];
        return $"| {string.Join(" | ", cells.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal)))} |\n";
    }

    private static string CommentOf(XElement declaration)
    {
        var before = declaration.NodesBeforeSelf().Reverse().SkipWhile(node => node is XText).FirstOrDefault();
        Assert.True(before is XComment, $"{declaration.Name} is declared without a comment");
        return Regex.Replace(((XComment)before!).Value, @"\s+", " ").Trim();
    }

    [GeneratedRegex(@"^Type: (?<type>.+?)\. (Unless set: (?<unset>.+?)\. )?(?<meaning>[A-Z].*\.)$")]
    private static partial Regex Comment();
}
