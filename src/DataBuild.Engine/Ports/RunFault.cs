using DataBuild.V1;

namespace DataBuild.Engine.Ports;

/// <summary>Why a run failed, as its executor knows.</summary>
/// <param name="Class">Whose budget of retries it uses.</param>
/// <param name="Why">What happened and what to do about it: one coded line.</param>
public sealed record RunFault(FailureClass Class, Diagnostic Why);
