using System.Diagnostics.CodeAnalysis;

namespace DataBuild.Engine.State;

/// <summary>What the log says of one ref. A struct in one array: a million refs are the normal case.</summary>
[SuppressMessage("Design", "CA1051", Justification = "Plain data, written through a ref to the array that holds it.")]
public struct RefFacts
{
    /// <summary>Content of the live instance, or of the source as last seen.</summary>
    public Fingerprint Content;

    /// <summary>The run that published the live instance.</summary>
    public Guid LiveRun;

    /// <summary>What stat said of its files when published or last seen.</summary>
    public ulong Stamp;

    /// <summary>The event that published it, saw it or lost it.</summary>
    public ulong Offset;

    /// <summary>What the live instance read; shared between the refs of a batch where equal, never changed.</summary>
    public ReadFact[]? Reads;

    /// <summary>Index of the job version that made the live instance.</summary>
    public int JobVersion;

    /// <summary>1 + index of the run that is under way for it; 0 for none.</summary>
    public int ActiveRun;

    public RefFlags Flags;

    /// <summary>
    /// When a run published the live instance, in seconds since 1970; 0 where what is there is not what a run left (adopted, or changed
    /// and accepted), which no retention removes.
    /// </summary>
    public uint Published;

    public readonly bool IsLive => (Flags & RefFlags.Live) != 0;

    public readonly bool IsLost => (Flags & RefFlags.Lost) != 0;

    public readonly bool IsExpired => (Flags & RefFlags.Expired) != 0;

    public readonly bool IsTainted => (Flags & RefFlags.Tainted) != 0;

    public readonly bool IsChanged => (Flags & RefFlags.Changed) != 0;

    public readonly bool IsSource => (Flags & RefFlags.Source) != 0;

    public readonly bool IsBuilding => ActiveRun != 0;
}
