namespace DataBuild.Jobs;

/// <summary>How refs write times.</summary>
internal static class PlaceholderFormat
{
    public const string Date = "yyyy-MM-dd";
    public const string Month = "yyyy-MM";
    public const string Year = "yyyy";
    public const string Hour = "yyyy-MM-dd'T'HH";
}
