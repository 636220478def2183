using DataBuild.V1;

namespace DataBuild.Faults.Tests.PowerLoss;

/// <summary>One engine's life within a recording.</summary>
/// <param name="Version">Of the project that it built.</param>
/// <param name="Begin">When it was started.</param>
/// <param name="FirstOffset">Where the log began that this version's builds wrote.</param>
/// <param name="Acknowledged">When its result was written out; past all times if it never was.</param>
/// <param name="Result">What it said, if it lived to say it.</param>
internal sealed record Phase(int Version, long Begin, ulong FirstOffset, long Acknowledged, BuildResult? Result);
