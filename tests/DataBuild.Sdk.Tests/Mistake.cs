namespace DataBuild.Sdk.Tests;

/// <summary>Something wrong in a project, and what is to be said about it.</summary>
/// <param name="Name">Unique.</param>
/// <param name="Stage">Mistakes that would hide each other stand in projects of their own.</param>
/// <param name="Lines">XML, parted by line ends; the last line is the one to blame.</param>
/// <param name="Code">The diagnostic.</param>
/// <param name="Text">What its text begins with.</param>
/// <param name="Column">Where in the line.</param>
internal sealed record Mistake(string Name, Stage Stage, string Lines, string Code, string Text, int Column = 5);
