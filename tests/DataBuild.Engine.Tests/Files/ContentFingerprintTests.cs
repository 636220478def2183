using CsCheck;
using DataBuild.Engine.Files;

namespace DataBuild.Engine.Tests.Files;

public sealed class ContentFingerprintTests : IDisposable
{
    private readonly TempRoot temp = new();
    private readonly FileObserver observer = new();

    public void Dispose() => temp.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData((256 * 1024) - 1)]
    [InlineData(256 * 1024)]
    [InlineData((256 * 1024) + 1)]
    [InlineData(3_000_000)]
    public void A_files_fingerprint_is_the_XxHash128_of_its_bytes(int length)
    {
        var bytes = new byte[length];
        new Random(1).NextBytes(bytes);
        var path = Path.Join(temp.Folder, "f");
        File.WriteAllBytes(path, bytes);
        Assert.Equal(System.IO.Hashing.XxHash128.Hash(bytes), observer.Observe(path, 0, []).Fingerprint);
    }

    [Fact]
    public void Equal_content_has_an_equal_fingerprint_whatever_else_differs()
    {
        foreach (var name in new[] { "one", "other" })
        {
            // Made in opposite order, so that the file systems lists them differently.
            foreach (var file in name == "one" ? new[] { "b", "a/x", "ü" } : ["ü", "a/x", "b"])
            {
                TempRoot.Write(Path.Join(temp.Folder, name), file, "content of " + file);
            }

            File.CreateSymbolicLink(Path.Join(temp.Folder, name, "l"), "b");
        }

        File.SetLastWriteTimeUtc(Path.Join(temp.Folder, "one/b"), new(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        TempRoot.SetMode(Path.Join(temp.Folder, "one/b"), "400");
        var one = observer.Observe(Path.Join(temp.Folder, "one"), 0, []);
        var other = observer.Observe(Path.Join(temp.Folder, "other"), 0, []);
        Assert.Equal(one.Fingerprint, other.Fingerprint);
        Assert.Equal(one.Size, other.Size);
    }

    [Theory]
    [InlineData("mv p/a p/b")]
    [InlineData("rm p/a")]
    [InlineData("echo 2 > p/a")]
    [InlineData("mkdir p/empty")]
    [InlineData("mv p/a p/c; mkdir p/a; mv p/c p/a/a")]
    [InlineData("rm p/a; mkdir p/a")]
    [InlineData("mv p/sub/x p/subx; rmdir p/sub")]
    [InlineData("ln -s a p/link")]
    [InlineData("mv p/empty1 p/empty2")]
    public void A_folders_fingerprint_and_stamp_change_with_names_kinds_and_contents(string change)
    {
        var folder = Path.Join(temp.Folder, "p");
        TempRoot.Write(folder, "a", "1");
        TempRoot.Write(folder, "sub/x", "1");
        Directory.CreateDirectory(Path.Join(folder, "empty1"));
        Age(folder);
        var before = observer.Observe(folder, 0, []);
        Shell.Run($"cd '{temp.Folder}' && {change}");
        Age(folder);
        var after = observer.Observe(folder, before.Stamp, before.Fingerprint);
        Assert.NotEqual(before.Fingerprint, after.Fingerprint);
        Assert.NotEqual(before.Stamp, after.Stamp);
    }

    [Fact]
    public void Two_folders_are_equal_if_and_only_if_their_files_are()
    {
        string[] names = ["a", "b", "ab", "a/b", "é"];
        string[] contents = ["", "a", "b", "ab"];
        var files = Gen.Select(Gen.Int[0, 4], Gen.Int[0, 3], (name, content) => (names[name], contents[content])).Array[0, 4];
        var count = 0;
        Gen.Select(files, files).Sample(
            (one, other) =>
            {
                var (left, right) = (Made(one, $"l{count}"), Made(other, $"r{count++}"));
                var equal = observer.Observe(left, 0, []).Fingerprint.AsSpan().SequenceEqual(observer.Observe(right, 0, []).Fingerprint);
                return equal == (TempRoot.Tree(left) == TempRoot.Tree(right));
            },
            iter: 300,
            threads: 1);
    }

    [Fact]
    public void A_sources_links_are_read_through_and_a_loop_of_them_has_an_end()
    {
        var folder = Path.Join(temp.Folder, "source");
        TempRoot.Write(temp.Folder, "elsewhere/big", "1");
        TempRoot.Write(folder, "sub/x", "1");
        File.CreateSymbolicLink(Path.Join(folder, "linked"), "../elsewhere");
        File.CreateSymbolicLink(Path.Join(folder, "sub/up"), "..");
        File.CreateSymbolicLink(Path.Join(folder, "dead"), "nowhere");
        File.CreateSymbolicLink(Path.Join(folder, "self"), "self");
        var before = observer.Observe(folder, 0, []);
        TempRoot.Write(temp.Folder, "elsewhere/big", "2");
        Assert.NotEqual(before.Fingerprint, observer.Observe(folder, before.Stamp, before.Fingerprint).Fingerprint);
    }

    private string Made((string Name, string Content)[] files, string name)
    {
        var folder = Directory.CreateDirectory(Path.Join(temp.Folder, name)).FullName;
        foreach (var (file, content) in files)
        {
            // A name may be a file in one place and a folder in another: the first one stays.
            var path = Path.Join(folder, file);
            if (!Directory.Exists(path) && !File.Exists(Path.GetDirectoryName(path)))
            {
                TempRoot.Write(folder, file, content);
            }
        }

        return folder;
    }

    /// <summary>Old enough for its stamp to be trusted; nothing of the times that were there is lost to the comparison of stamps.</summary>
    private static void Age(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            File.SetLastWriteTimeUtc(file, new(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        }
    }
}
