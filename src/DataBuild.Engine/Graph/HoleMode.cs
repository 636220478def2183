namespace DataBuild.Engine.Graph;

/// <summary>What <see cref="PatternMatcher"/> makes of <see cref="PatternMatcher.Hole"/> characters.</summary>
internal enum HoleMode
{
    /// <summary>There are none: the text is a ref.</summary>
    None,

    /// <summary>One stands for the whole value of a placeholder.</summary>
    Whole,

    /// <summary>As before, or for a part of the value of a string placeholder.</summary>
    Mixed,
}
