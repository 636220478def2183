using DataBuild.V1;

namespace DataBuild.Engine.Diagnostics;

/// <summary>One documented error or warning. The text of an occurrence says what, which, why and what to do next, in one line.</summary>
/// <param name="Code">DBLD and four digits; never used again once retired.</param>
/// <param name="Severity">How bad.</param>
/// <param name="Title">What it is, for the list of diagnostics.</param>
/// <param name="Cause">How one gets it.</param>
/// <param name="Cure">What to do about it.</param>
public sealed record DiagnosticRule(string Code, Severity Severity, string Title, string Cause, string Cure);
