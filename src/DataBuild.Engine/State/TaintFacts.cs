using DataBuild.V1;

namespace DataBuild.Engine.State;

/// <summary>A taint and the refs whose live instances still carry it.</summary>
public sealed record TaintFacts(TaintCreateEventV1 Taint, ulong Offset, HashSet<int> Refs);
