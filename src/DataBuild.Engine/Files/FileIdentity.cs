namespace DataBuild.Engine.Files;

/// <summary>
/// What stat says of a file: while it is equal the content is taken to be equal. Neither the device (its number changes with a
/// reboot) nor the change time (a rename changes it, so each publish would) is part of it.
/// </summary>
/// <param name="Size">Bytes.</param>
/// <param name="ModifiedNs">Nanoseconds since 1970.</param>
/// <param name="Inode">Number of the inode.</param>
public readonly record struct FileIdentity(long Size, long ModifiedNs, ulong Inode);
