namespace DataBuild.Engine.Log;

/// <summary>Which lists of a filter an event matches.</summary>
[Flags]
internal enum Matched : byte
{
    None = 0,
    Refs = 1,
    Jobs = 2,
    Runs = 4,
    Wants = 8,
    All = Refs | Jobs | Runs | Wants,
}
