using System.Security.Cryptography;
using System.Text;

namespace DataBuild.Cli.Fetching;

/// <summary>
/// What was fetched from an address, kept for as long as its server says that it is the same. A file's name tells address and version,
/// so that a file is never replaced by another content: somebody may be reading it.
/// </summary>
internal sealed class FetchCache(string folder, Uri address)
{
    private static readonly TimeSpan longest = TimeSpan.FromDays(1);

    private readonly string name = Hash(address.AbsoluteUri);

    /// <summary>In the user's folder for caches; in the one for temporary files where there is none.</summary>
    public static string DefaultFolder
    {
        get
        {
            string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
            string? named = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
            string caches = named is { Length: > 0 } && Path.IsPathRooted(named) ? named : home.Length > 0 ? Path.Combine(home, ".cache") : Path.GetTempPath();
            return Path.Combine(caches, "databuild", "logs");
        }
    }

    /// <summary>The version that is here, as its server named it, with its file; null if there is none.</summary>
    public (string Version, string File)? Known()
    {
        string tag = Path.Combine(folder, name + ".etag");
        if (!File.Exists(tag))
        {
            return null;
        }

        string version = File.ReadAllText(tag).Trim();
        string file = FileOf(version);
        return version.Length > 0 && File.Exists(file) ? (version, file) : null;
    }

    /// <summary>A new file to fetch into.</summary>
    public string NewFile()
    {
        Directory.CreateDirectory(folder);
        return Path.Combine(folder, $"{name}-{Guid.NewGuid():N}.part");
    }

    /// <summary>Keeps what was fetched, and drops versions of it that nobody can still be reading. Returns its file.</summary>
    public string Keep(string fetched, string version)
    {
        string file = FileOf(version);
        File.Move(fetched, file, overwrite: true);
        string tag = Path.Combine(folder, $"{name}-{Guid.NewGuid():N}.part");
        File.WriteAllText(tag, version);
        File.Move(tag, Path.Combine(folder, name + ".etag"), overwrite: true);
        foreach (string old in Directory.GetFiles(folder, name + "-*").Where(old => old != file && File.GetLastWriteTimeUtc(old) < DateTime.UtcNow - longest))
        {
            File.Delete(old);
        }

        return file;
    }

    private string FileOf(string version) => Path.Combine(folder, $"{name}-{Hash(version)}.db");

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..32];
}
