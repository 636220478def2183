namespace DataBuild.Engine.Graph;

/// <summary>What an expression shifts by, shortest first. <c>m</c> is not among them: it could be minutes or months.</summary>
internal enum TimeUnit
{
    /// <summary>A plain number, for an int.</summary>
    None,

    /// <summary><c>h</c></summary>
    Hour,

    /// <summary><c>d</c></summary>
    Day,

    /// <summary><c>w</c></summary>
    Week,

    /// <summary><c>mo</c></summary>
    Month,

    /// <summary><c>y</c></summary>
    Year,
}
