namespace DataBuild.Engine.Files;

/// <summary>
/// Remembers the content hash of files by what stat said of them, so that a large file that was only touched is read once and not
/// in each build. Only ever saves time: whatever it does not know is read.
/// </summary>
public interface IFileHashCache
{
    /// <summary>The 16 bytes of the hash, if the file was read when it looked just like this.</summary>
    byte[]? Find(string path, FileIdentity identity);

    void Keep(string path, FileIdentity identity, ReadOnlySpan<byte> hash);
}
