using System.Globalization;
using DataBuild.Tasks.Mirror;
using DataBuild.V1;
using Microsoft.Build.Framework;
using Task = Microsoft.Build.Utilities.Task;

namespace DataBuild.Tasks;

/// <summary>
/// Tells the build's log what is known of one run. Its data comes from a file: this task may run in another process than the one
/// that had it. An error of the run has been logged when the engine reported it, and is not logged again.
/// </summary>
public sealed class ReportRun : Task
{
    [Required]
    public string RunsFile { get; set; } = "";

    /// <summary>Where in the file the run begins, in bytes.</summary>
    [Required]
    public string Offset { get; set; } = "";

#pragma warning disable CA1819 // MSBuild hands lists over as arrays.
    /// <summary>For readers of the log; the file has them too.</summary>
    public string[] Refs { get; set; } = [];
#pragma warning restore CA1819

    /// <summary>For readers of the log; the file has it too.</summary>
    public string State { get; set; } = "";

    public override bool Execute()
    {
        var run = Read();
        Log.LogCommandLine(MessageImportance.Low, string.Join(" ", run.CommandLine));
        foreach (var fact in RunMessages.Facts(run))
        {
            Log.LogMessage(MessageImportance.Low, "{0}", fact);
        }

        return true;
    }

    private RunReport Read()
    {
        using var stream = File.OpenRead(RunsFile);
        stream.Position = long.Parse(Offset, CultureInfo.InvariantCulture);
        return RunReport.Parser.ParseDelimitedFrom(stream);
    }
}
