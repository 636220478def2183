namespace DataBuild.Cli;

/// <summary>How a service is to be reached over the network.</summary>
/// <param name="Port">0 for one that is free.</param>
/// <param name="Listen">An address; null for loopback.</param>
/// <param name="RequiresToken">Callers need the token on loopback too: others have accounts on this machine.</param>
/// <param name="NewToken">Make a new token.</param>
internal sealed record ApiOptions(int Port, string? Listen, bool RequiresToken, bool NewToken);
