using System.IO.Hashing;
using System.Text;

namespace DataBuild.Faults.Tests.PowerLoss;

/// <summary>What is on the disk when the power comes back.</summary>
internal sealed class Image
{
    private readonly SortedDictionary<string, (Entry Entry, byte[] Content)> entries = new(StringComparer.Ordinal);

    public Image(NameTree tree, Func<int, byte[]> contentOf) => Add("", tree.Root, contentOf);

    public IEnumerable<string> Paths => entries.Keys;

    public UInt128 Hash
    {
        get
        {
            var hash = new XxHash128();
            foreach (var (path, (entry, content)) in entries)
            {
                hash.Append(Encoding.UTF8.GetBytes($"{path}\0{entry.IsFolder}\0{entry.Target}\0{content.Length}\0"));
                hash.Append(content);
            }

            return hash.GetCurrentHashAsUInt128();
        }
    }

    /// <summary>Makes a folder hold this and nothing else.</summary>
    /// <param name="folder">Is there already.</param>
    /// <param name="inodes">Files by recorded inode number: names that hold such a number get the file's new one.</param>
    public void WriteTo(string folder, IReadOnlyDictionary<ulong, int> inodes)
    {
        foreach (string old in Directory.EnumerateDirectories(folder))
        {
            Directory.Delete(old, recursive: true);
        }

        foreach (string old in Directory.EnumerateFiles(folder))
        {
            File.Delete(old);
        }

        var pathOf = new Dictionary<int, string>();
        foreach (var (path, (entry, content)) in entries)
        {
            string full = Path.Combine(folder, path);
            pathOf[entry.Node] = full;
            if (entry.IsFolder)
            {
                Directory.CreateDirectory(full);
            }
            else if (entry.Target.Length > 0)
            {
                File.CreateSymbolicLink(full, entry.Target);
            }
            else
            {
                File.WriteAllBytes(full, content);
            }
        }

        foreach (string path in entries.Keys.Where(path => Recording.InodeName().IsMatch(Path.GetFileName(path))).Reverse())
        {
            string name = Path.GetFileName(path);
            ulong recorded = ulong.Parse(name[..name.IndexOf('-', StringComparison.Ordinal)], System.Globalization.CultureInfo.InvariantCulture);
            string full = Path.Combine(folder, path);

            // One that is not there any more has a number that no file here has.
            ulong now = pathOf.TryGetValue(inodes[recorded], out string? itself) ? InodeOf(itself) : 1;
            Directory.Move(full, Path.Combine(Path.GetDirectoryName(full)!, $"{now}{name[name.IndexOf('-', StringComparison.Ordinal)..]}"));
        }
    }

    /// <summary>Differences to what is really in a folder: the test that nothing was left out of a recording.</summary>
    public List<string> DifferencesTo(string folder)
    {
        var found = new SortedDictionary<string, byte[]?>(StringComparer.Ordinal);
        foreach (var info in new DirectoryInfo(folder).EnumerateFileSystemInfos("*", SearchOption.AllDirectories))
        {
            string path = Path.GetRelativePath(folder, info.FullName);
            // SQLite makes the one anew, and a socket holds nothing.
            if (!path.EndsWith("-shm", StringComparison.Ordinal) && !path.EndsWith(".sock", StringComparison.Ordinal))
            {
                found.Add(path, info is FileInfo && info.LinkTarget is null ? File.ReadAllBytes(info.FullName) : null);
            }
        }

        return
        [
            .. found.Keys.Except(entries.Keys).Select(path => $"not recorded: {path}"),
            .. entries.Keys.Except(found.Keys).Select(path => $"not there: {path}"),
            .. found.Where(one => one.Value is not null && entries.TryGetValue(one.Key, out var known) && !known.Content.AsSpan().SequenceEqual(one.Value)).Select(one => $"differs: {one.Key}"),
        ];
    }

    private void Add(string path, Entry entry, Func<int, byte[]> contentOf)
    {
        if (path.Length > 0)
        {
            entries.Add(path, (entry, entry.IsFolder || entry.Target.Length > 0 ? [] : contentOf(entry.Node)));
        }

        foreach (var (name, child) in entry.Children)
        {
            Add(path.Length == 0 ? name : $"{path}/{name}", child, contentOf);
        }
    }

    private static ulong InodeOf(string path) =>
        Engine.Files.FileStat.Of(path, follow: false, out var stat) == Engine.Files.Errno.None ? stat.Identity.Inode : throw new FileNotFoundException(path);
}
