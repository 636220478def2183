using DataBuild.Engine.State;

namespace DataBuild.Engine.Reconciling;

/// <summary>How it was found.</summary>
/// <param name="Ref">As asked.</param>
/// <param name="Exists">It is there.</param>
/// <param name="Stamp">What stat says.</param>
/// <param name="Content">What its content is.</param>
/// <param name="Size">Bytes.</param>
/// <param name="ChangedFile">The first of the file reads that differs; null if none does.</param>
public readonly record struct ObservationReply(string Ref, bool Exists, ulong Stamp, Fingerprint Content, long Size, string? ChangedFile);
