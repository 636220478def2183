namespace DataBuild.Engine.Files;

/// <summary>A file as it was read.</summary>
/// <param name="Fingerprint">16 bytes over its content.</param>
/// <param name="Stat">Of the open file, before the first byte was read.</param>
/// <param name="Unchanged">It still looked like that after the last byte was read.</param>
/// <param name="Settled">It was not written so shortly before that the next write could leave it looking the same.</param>
internal sealed record FileContent(byte[] Fingerprint, FileStat Stat, bool Unchanged, bool Settled);
