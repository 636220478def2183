namespace DataBuild.Engine.Files;

/// <summary>Something below a folder.</summary>
/// <param name="Path">Relative to that folder, parted by <c>/</c>.</param>
/// <param name="Stat">What stat says; of the target where links are followed.</param>
/// <param name="Target">What a symbolic link says, if it is one and not followed.</param>
internal readonly record struct FolderEntry(string Path, FileStat Stat, string? Target);
