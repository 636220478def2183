using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace DataBuild.Engine.Files;

/// <summary>64 bits over what stat says. 0 is never a stamp: it means "not to be trusted, read the content".</summary>
internal static class Stamp
{
    public const ulong Untrusted = 0;

    public static ulong Of(FileIdentity identity)
    {
        Span<long> words = [identity.Size, identity.ModifiedNs, (long)identity.Inode];
        return NotZero(XxHash3.HashToUInt64(MemoryMarshal.AsBytes(words)));
    }

    /// <summary>Of a folder: of names, kinds and files. Its folders' own times and inodes say nothing that the names don't.</summary>
    public static ulong Of(FolderListing listing)
    {
        var hash = new XxHash3();
        Span<long> words = stackalloc long[5];
        foreach (var entry in listing.Entries)
        {
            var isFolder = entry.Stat.Kind == FileKind.Folder;
            words[0] = entry.Path.Length;
            words[1] = (long)entry.Stat.Kind;
            words[2] = isFolder ? 0 : entry.Stat.Size;
            words[3] = isFolder ? 0 : entry.Stat.Identity.ModifiedNs;
            words[4] = isFolder ? 0 : (long)entry.Stat.Identity.Inode;
            hash.Append(MemoryMarshal.AsBytes(words));
            hash.Append(MemoryMarshal.AsBytes(entry.Path.AsSpan()));
        }

        return NotZero(hash.GetCurrentHashAsUInt64());
    }

    private static ulong NotZero(ulong hash) => hash == Untrusted ? 1 : hash;
}
