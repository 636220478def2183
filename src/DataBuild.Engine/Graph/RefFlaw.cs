namespace DataBuild.Engine.Graph;

/// <summary>What can be wrong with a ref's text.</summary>
internal enum RefFlaw
{
    None,
    Empty,
    TooLong,
    NotUnicode,
    Control,
    Backslash,
    Forbidden,
    EmptySegment,
    DotSegment,
    SegmentTooLong,
    EndsInDotOrSpace,
    DeviceName,
    Reserved,
}
