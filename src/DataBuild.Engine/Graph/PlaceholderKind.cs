namespace DataBuild.Engine.Graph;

/// <summary>What values a placeholder takes.</summary>
public enum PlaceholderKind
{
    /// <summary>One or more characters without <c>/</c>.</summary>
    String,

    /// <summary>A whole number from 0 to 999,999,999,999,999,999, without leading zeros.</summary>
    Int,

    /// <summary><c>yyyy-MM-dd</c>, a day of the calendar.</summary>
    Date,

    /// <summary><c>yyyy-MM</c>.</summary>
    Month,

    /// <summary><c>yyyy</c>, from 0001.</summary>
    Year,

    /// <summary><c>yyyy-MM-ddTHH</c>.</summary>
    Hour,

    /// <summary>One of the listed values.</summary>
    Enum,
}
