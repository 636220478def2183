using System.CommandLine;

namespace DataBuild.Cli;

/// <summary>Verbs that append to the log.</summary>
internal static partial class Commands
{
    private static Command[] Changes() => [];
}
