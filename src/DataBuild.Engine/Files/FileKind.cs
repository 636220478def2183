namespace DataBuild.Engine.Files;

/// <summary>What stands at a path.</summary>
internal enum FileKind
{
    /// <summary>Nothing.</summary>
    None,
    File,
    Folder,
    Link,

    /// <summary>A device, pipe or socket: nothing that could be a partition.</summary>
    Other,
}
