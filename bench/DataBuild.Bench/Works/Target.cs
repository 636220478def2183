namespace DataBuild.Bench.Works;

/// <summary>A file to be made, and the files that it is made from.</summary>
internal sealed record Target(string Name, params string[] Needs);
