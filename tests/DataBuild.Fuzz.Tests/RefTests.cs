using DataBuild.Engine.Graph;

namespace DataBuild.Fuzz.Tests;

[Trait("Category", "Fuzz")]
public sealed class RefTests(Xunit.Abstractions.ITestOutputHelper output) : IDisposable
{
    private const int MostFiles = 300;

    private static readonly string[] refs = ["a", "delays/daily/2001-01-05", "report/2001-01.html", "über/日本/x", "a b/c,d=e+f", "..a/b..c/...d", "sub/.databuild", "CONSOLE/COM10"];
    private static readonly string[] tokens = ["a", "b", "/", "/..", "../", "./", "/./", ".databuild/", "con", "aux.", " ", ".", "\\..\\", "x/y"];

    private readonly string root = Directory.CreateTempSubdirectory("databuild-fuzz-").FullName;
    private int files;

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public void No_ref_that_is_accepted_leaves_the_data_root_or_is_another_path_in_it() => new Fuzz(output).Text(40_000, refs, tokens, text =>
    {
        if (!PartitionRef.TryValidate(text, out string problem))
        {
            Assert.NotEqual("", problem);
            Assert.DoesNotContain('\n', problem);
            return;
        }

        string full = Path.GetFullPath(Path.Combine(root, text));
        Assert.Equal(root + "/" + text, full);
        Assert.False(text.Split('/')[0].Equals(".databuild", StringComparison.OrdinalIgnoreCase));
        if (files++ < MostFiles)
        {
            ReallyThere(text, full);
        }
    });

    /// <summary>Made for real, it is the one file below the root, under that name and no other.</summary>
    private void ReallyThere(string text, string full)
    {
        string one = Path.Combine(root, text.Split('/')[0]);
        if (File.Exists(one) || Directory.Exists(one))
        {
            Remove(one);
        }

        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
        string found = Assert.Single(Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories));
        Assert.Equal(text, Path.GetRelativePath(root, found));
        Remove(one);
    }

    private static void Remove(string path)
    {
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
        else
        {
            File.Delete(path);
        }
    }
}
