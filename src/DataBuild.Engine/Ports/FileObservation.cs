namespace DataBuild.Engine.Ports;

/// <summary>A file or folder as it was found.</summary>
/// <param name="Exists">It is there.</param>
/// <param name="IsFolder">It is a folder; fingerprint, stamp and size are those of all it holds.</param>
/// <param name="Fingerprint">16 bytes over the content (names included for a folder); empty if absent.</param>
/// <param name="Stamp">Hash of size, modification time and inode: equal stamps mean an unchanged file without reading it.</param>
/// <param name="Size">Bytes.</param>
public readonly record struct FileObservation(bool Exists, bool IsFolder, byte[] Fingerprint, ulong Stamp, long Size)
{
    public static FileObservation Absent { get; } = new(false, false, [], 0, 0);
}
