namespace DataBuild.Repository.Tests;

public sealed class ProseTests
{
    [Fact]
    public void The_readme_shows_the_sample_as_it_is()
    {
        string project = Checkout.Read("samples/flights/flights.dbproj").Trim();
        Assert.Contains(project, Checkout.Read("README.md"), StringComparison.Ordinal);
        Assert.Contains(project, Checkout.Read("samples/flights/README.md"), StringComparison.Ordinal);
    }

    [Fact]
    public void Links_between_pages_lead_somewhere()
    {
        foreach (string page in Checkout.Files("docs", "*.md").Concat(Checkout.Files("samples", "*.md")).Concat(["README.md", "CHANGELOG.md"]))
        {
            foreach (System.Text.RegularExpressions.Match link in System.Text.RegularExpressions.Regex.Matches(Checkout.Read(page), @"\]\((?!https?:|#)([^)#\s]+)"))
            {
                string target = Path.Combine(Checkout.Root, Path.GetDirectoryName(page)!, link.Groups[1].Value);
                Assert.True(File.Exists(target) || Directory.Exists(target), $"{page} links to {link.Groups[1].Value}");
            }
        }
    }
}
