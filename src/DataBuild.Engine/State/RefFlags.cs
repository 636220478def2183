namespace DataBuild.Engine.State;

[Flags]
public enum RefFlags : byte
{
    None = 0,

    /// <summary>There is a live instance (of a source: it was seen and is there).</summary>
    Live = 1,

    /// <summary>There was a live instance and its files were found missing; reads are kept as memory.</summary>
    Lost = 2,

    /// <summary>The live instance carries at least one taint.</summary>
    Tainted = 4,

    /// <summary>The files of the live instance were changed by somebody else; kept until accepted or tainted.</summary>
    Changed = 8,

    /// <summary>Nothing makes it.</summary>
    Source = 16,

    /// <summary>There was a live instance, its retention passed and its files were removed; reads are kept as memory.</summary>
    Expired = 32,
}
