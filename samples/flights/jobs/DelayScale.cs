namespace Flights;

/// <summary>The colours of mean delays: five steps with fixed limits, so that months can be compared.</summary>
static class DelayScale
{
    public static readonly IReadOnlyList<string> Labels = ["early", "0 to 5 min", "5 to 10 min", "10 to 15 min", "15 min or more"];

    /// <summary>The CSS class of a step, <c>d0</c> to <c>d4</c>; the page gives it a colour for light and for dark.</summary>
    public static string Class(decimal meanMinutes) => meanMinutes switch
    {
        < 0 => "d0",
        < 5 => "d1",
        < 10 => "d2",
        < 15 => "d3",
        _ => "d4",
    };
}
