namespace DataBuild.Jobs;

/// <summary>What values a placeholder takes; the rules are those of the engine's patterns.</summary>
internal enum PlaceholderKind
{
    String,
    Int,
    Date,
    Month,
    Year,
    Hour,
    Enum,
}
