namespace DataBuild.Tasks.Positions;

/// <summary>Full path, line and column from 1; 0 where not known.</summary>
internal readonly record struct Place(string File, int Line, int Column);
