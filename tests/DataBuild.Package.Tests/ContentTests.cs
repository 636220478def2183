using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text;
using System.Xml.Linq;

namespace DataBuild.Package.Tests;

/// <summary>What is in the packages, and what is not.</summary>
[Collection(nameof(PackagesCollection))]
public sealed class ContentTests(Feed feed)
{
    [Fact]
    public void Each_package_holds_the_approved_files()
    {
        var text = new StringBuilder();
        foreach (string id in Feed.Ids)
        {
            using var package = feed.Open(id);
            text.Append(id).Append('\n');
            foreach (string file in package.Entries.Select(entry => Uri.UnescapeDataString(entry.FullName)).Where(IsContent).Order(StringComparer.Ordinal))
            {
                text.Append("  ").Append(file).Append('\n');
            }
        }

        string approved = Path.Combine(Feed.Repository, "tests/DataBuild.Package.Tests/packages.txt");
        if (Environment.GetEnvironmentVariable("DATABUILD_ACCEPT") == "1")
        {
            File.WriteAllText(approved, text.ToString());
        }

        Assert.True(File.Exists(approved), "packages.txt is missing; DATABUILD_ACCEPT=1 makes it");
        Assert.Equal(File.ReadAllText(approved), text.ToString());
    }

    [Theory]
    [InlineData("DataBuild.Sdk", "MSBuildSdk")]
    [InlineData("DataBuild.Jobs", "")]
    [InlineData("databuild", "DotnetTool")]
    [InlineData("DataBuild.Templates", "Template")]
    public void Each_package_says_what_it_is_and_needs_no_other(string id, string type)
    {
        using var package = feed.Open(id);
        using var nuspec = package.GetEntry($"{id}.nuspec")!.Open();
        var metadata = XDocument.Load(nuspec).Root!.Elements().Single();
        string Field(string name) => metadata.Elements().Single(element => element.Name.LocalName == name).Value;

        Assert.Equal((id, feed.Version, "MIT", "icon.png", "README.md"), (Field("id"), Field("version"), Field("license"), Field("icon"), Field("readme")));
        Assert.All(["authors", "description", "tags", "releaseNotes", "copyright"], name => Assert.NotEqual("", Field(name)));
        Assert.Equal(type, string.Join(',', metadata.Descendants().Where(element => element.Name.LocalName == "packageType").Select(element => element.Attribute("name")!.Value)));
        Assert.DoesNotContain(metadata.Descendants(), element => element.Name.LocalName == "dependency");
        Assert.All(["icon.png", "README.md"], file => Assert.NotNull(package.GetEntry(file)));
    }

    [Fact]
    public void No_file_names_the_machine_it_was_made_on()
    {
        byte[][] places = [.. new[] { Feed.Repository, Feed.Repository.TrimEnd('/'), Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) + "/." }
            .SelectMany(place => new[] { Encoding.UTF8.GetBytes(place), Encoding.Unicode.GetBytes(place) })];
        foreach (string id in Feed.Ids)
        {
            using var package = feed.Open(id);
            foreach (var entry in package.Entries)
            {
                using var stream = entry.Open();
                var bytes = new MemoryStream();
                stream.CopyTo(bytes);
                Assert.All(places, place => Assert.True(bytes.ToArray().AsSpan().IndexOf(place) < 0, $"{id}: {entry.FullName} names {Encoding.UTF8.GetString(place)}"));
            }
        }
    }

    [Fact]
    public void The_symbols_of_the_jobs_library_are_in_it_with_its_source()
    {
        using var package = feed.Open("DataBuild.Jobs");
        using var stream = package.GetEntry("lib/net10.0/DataBuild.Jobs.dll")!.Open();
        var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        bytes.Position = 0;
        using var library = new PEReader(bytes);
        var entry = library.ReadDebugDirectory().Single(entry => entry.Type == DebugDirectoryEntryType.EmbeddedPortablePdb);
        using var provider = library.ReadEmbeddedPortablePdbDebugDirectoryData(entry);
        var symbols = provider.GetMetadataReader();
        var documents = symbols.Documents.Select(document => symbols.GetString(symbols.GetDocument(document).Name)).ToList();

        Assert.Contains("/_/DataBuild.Jobs/JobHost.cs", documents);
        Assert.All(documents, document => Assert.StartsWith("/_/DataBuild.Jobs/", document, StringComparison.Ordinal));
        var embeddedSource = new Guid("0E8A571B-6926-466E-B4AD-8AB04611F5FE");
        Assert.True(symbols.CustomDebugInformation.Count(handle => symbols.GetGuid(symbols.GetCustomDebugInformation(handle).Kind) == embeddedSource) >= documents.Count);
    }

    /// <summary>What NuGet adds is no content of ours.</summary>
    private static bool IsContent(string file) =>
        !file.StartsWith("_rels/", StringComparison.Ordinal) && !file.StartsWith("package/", StringComparison.Ordinal) && file != "[Content_Types].xml";
}
