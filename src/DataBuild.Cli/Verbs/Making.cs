namespace DataBuild.Cli.Verbs;

/// <summary>What `build` and `plan` are asked for.</summary>
internal sealed record Making
{
    public required string ProjectFile { get; init; }

    public required ChosenEnvironment Environment { get; init; }

    /// <summary>Sets instead of the project's wants.</summary>
    public string[] Wants { get; init; } = [];

    /// <summary>Only what these make, and what that needs.</summary>
    public string[] Jobs { get; init; } = [];

    /// <summary>NAME=VALUE, for MSBuild.</summary>
    public string[] Properties { get; init; } = [];

    public bool Json { get; init; }

    /// <summary>Say what would run, run nothing.</summary>
    public bool Plan { get; init; }

    /// <summary>Fail if anything would run.</summary>
    public bool ExpectUpToDate { get; init; }

    /// <summary>The exit code of a plan tells whether anything would run.</summary>
    public bool ExitCode { get; init; }

    /// <summary>A file to write the plan to, as Markdown; null for none.</summary>
    public string? Markdown { get; init; }
}
