using System.Globalization;

namespace DataBuild.Bench.Reporting;

/// <summary>A target beside what was measured.</summary>
/// <param name="Work">What was done.</param>
/// <param name="Bar">The most (or least) it may be, as text.</param>
/// <param name="Value">Null where it was not measured.</param>
/// <param name="Limit">What the value is held against.</param>
/// <param name="Unit">Of both.</param>
/// <param name="IsLeast">The value must be at least the limit.</param>
/// <param name="Missed">Why it is missed, where it is.</param>
internal sealed record Judged(string Work, string Bar, double? Value, double Limit, string Unit, string Missed, bool IsLeast = false)
{
    public bool? IsMet => Value is not { } value || double.IsNaN(value) ? null : IsLeast ? value >= Limit : value <= Limit;

    public string Text => IsMet is null ? "not measured" : $"{Value!.Value.ToString(Value >= 100 ? "N0" : "0.##", CultureInfo.InvariantCulture)}{Unit}";
}
