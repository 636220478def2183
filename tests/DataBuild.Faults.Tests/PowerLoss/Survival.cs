namespace DataBuild.Faults.Tests.PowerLoss;

/// <summary>What of the operations that no sync covered survives a power cut.</summary>
internal enum Survival
{
    /// <summary>All of them: what the end of a process leaves.</summary>
    All,

    /// <summary>Names as far as a sync of anything took the journal; no content.</summary>
    Journal,

    /// <summary>No name and no content but what a sync of that very file or folder, or of all, covered.</summary>
    Synced,

    /// <summary>Every name and no content: the empty file behind a rename.</summary>
    Names,

    /// <summary>Names up to any point; of content any blocks, in any state between synced and last, under any length in between.</summary>
    Random,
}
