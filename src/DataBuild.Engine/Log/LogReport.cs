using DataBuild.V1;

namespace DataBuild.Engine.Log;

/// <summary>What verifying a log found.</summary>
/// <param name="Events">How many events were read and are good.</param>
/// <param name="Findings">What is wrong, at most <see cref="LogVerification.MostFindings"/> of it.</param>
public sealed record LogReport(ulong Events, IReadOnlyList<Diagnostic> Findings);
