namespace DataBuild.Engine.Files;

/// <summary>Linux error numbers that decide what happens next; any other value is only reported.</summary>
internal enum Errno
{
    None = 0,
    NotPermitted = 1,
    NoEntry = 2,
    InputOutput = 5,
    Access = 13,
    Exists = 17,
    CrossDevice = 18,
    NotFolder = 20,
    IsFolder = 21,
    Invalid = 22,
    NoSpace = 28,
    ReadOnly = 30,
    NoSystemCall = 38,
    NotEmpty = 39,
    Loop = 40,
    NotSupported = 95,
    Quota = 122,
}
