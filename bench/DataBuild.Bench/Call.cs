namespace DataBuild.Bench;

/// <summary>A command to measure.</summary>
internal sealed record Call(string Folder, params string[] Command)
{
    /// <summary>A file that it reads from a pipe that stays open.</summary>
    public string? Input { get; init; }

    /// <summary>Where its stdout goes.</summary>
    public string? Output { get; init; }

    /// <summary>With a program in the place of /bin/sh that only starts another one.</summary>
    public bool WithoutShell { get; init; }
}
