using System.CommandLine;
using DataBuild.Cli.Binlog;

namespace DataBuild.Cli;

/// <summary>The verb that needs nothing but a file.</summary>
internal static partial class Commands
{
    private static Command BinaryLog()
    {
        var file = new Argument<string>("FILE") { Description = "What `dotnet build -bl` wrote; here or on another machine." };
        var jobs = new Option<string[]>("--job") { Description = "Only runs of this job; may be repeated.", HelpName = "LABEL" };
        var refs = new Option<string[]>("--ref") { Description = "Only runs for one of these: names, or globs (* within a segment, ** across); may be repeated.", HelpName = "GLOB" };
        var failed = new Option<bool>("--failed") { Description = "Only runs that failed." };
        var command = new Command("binlog", "What ran in a build, why, and what failed, from its binary log alone.") { file, jobs, refs, failed, full };
        command.SetAction(parsed => BinlogVerb.Run(
            parsed.GetRequiredValue(file), new RunChoice(parsed.GetValue(jobs) ?? [], parsed.GetValue(refs) ?? [], parsed.GetValue(failed)), parsed.GetValue(json), parsed.GetValue(full)));
        return command;
    }
}
