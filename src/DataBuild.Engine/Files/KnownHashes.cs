namespace DataBuild.Engine.Files;

/// <summary>What a cache knows, for one who must write nothing: what is learned is forgotten.</summary>
internal sealed class KnownHashes(IFileHashCache cache) : IFileHashCache
{
    public byte[]? Find(string path, FileIdentity identity) => cache.Find(path, identity);

    public void Keep(string path, FileIdentity identity, ReadOnlySpan<byte> hash)
    {
    }
}
