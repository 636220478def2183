namespace DataBuild.Faults.Tests.PowerLoss;

internal enum OpKind
{
    Create, MakeFolder, Symlink, Rename, Exchange, Remove, Write, SetLength, SyncFile, SyncAll, Acknowledge,
}

/// <summary>One thing that a process asked the file system for. Paths are relative to the recorded folder; times are nanoseconds.</summary>
internal sealed record FileOp(OpKind Kind, string Path, long Begin, long End)
{
    /// <summary>The new name of a rename, the other one of an exchange, the target of a link.</summary>
    public string Other { get; init; } = "";

    public long Offset { get; init; }

    /// <summary>Opened so that a file that is there becomes empty.</summary>
    public bool Empties { get; init; }

    public byte[] Bytes { get; init; } = [];

    /// <summary>The file or folder it is about, whatever its name; 0 for none.</summary>
    public int Node { get; init; }

    /// <summary>The folders whose entries it changes.</summary>
    public (int First, int Second) Folders { get; init; }

    /// <summary>A number in the file's name that names an inode: that of <see cref="Node"/> when it was recorded.</summary>
    public ulong Inode { get; init; }

    /// <summary>Its process was killed meanwhile: it may have been carried out or not.</summary>
    public bool IsUncertain { get; init; }

    public bool IsName => Kind <= OpKind.Remove;

    public bool IsData => Kind is OpKind.Write or OpKind.SetLength;

    public bool IsSync => Kind is OpKind.SyncFile or OpKind.SyncAll;
}
