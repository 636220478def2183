using System.CommandLine;
using DataBuild.Cli.Remote;
using DataBuild.Cli.Verbs;

namespace DataBuild.Cli;

/// <summary>The log: reading it, following it, and its upkeep.</summary>
internal static partial class Commands
{
    private static Command Log()
    {
        var since = new Option<ulong?>("--since") { Description = "From this event on.", HelpName = "OFFSET" };
        var limit = Limit("events");
        var refs = new Option<string[]>("--ref") { Description = "About these refs: names, or globs (* within a segment, ** across); may be repeated.", HelpName = "GLOB", CompletionSources = { Values.Refs(Place) } };
        var jobs = new Option<string[]>("--job") { Description = "About this job; may be repeated.", HelpName = "LABEL", CompletionSources = { Values.Jobs(Place) } };
        var runs = new Option<string[]>("--run") { Description = "About this run; may be repeated.", HelpName = "ID", CompletionSources = { Values.Runs(Place) } };
        var wants = new Option<string[]>("--want") { Description = "About this want; may be repeated.", HelpName = "ID", CompletionSources = { Values.Wants(Place) } };
        var follow = new Option<bool>("--follow") { Description = "Go on with events as they are appended, until interrupted; without --since, new ones alone." };
        var command = new Command("log", "What happened, event by event.") { since, limit, refs, jobs, runs, wants, follow, full };
        command.SetAction(parsed =>
        {
            var verb = new LogVerb(parsed.GetValue(json), parsed.GetValue(full));
            var filter = LogVerb.Filter(parsed.GetValue(refs), parsed.GetValue(jobs), parsed.GetValue(runs), parsed.GetValue(wants));
            int most = parsed.GetValue(limit) ?? int.MaxValue;
            return (Asked(parsed), parsed.GetValue(follow)) switch
            {
                ({ } server, true) => UntilStopped(stop => RemoteVerbs.FollowLog(server, verb, parsed.GetValue(since), most, filter, stop)),
                ({ } server, false) => RemoteVerbs.Log(server, verb, parsed.GetValue(since) ?? 1, most, filter),
                (null, true) => UntilStopped(stop => verb.Follow(Place(parsed), parsed.GetValue(since), most, filter, stop)),
                (null, false) => verb.Run(Place(parsed), parsed.GetValue(since) ?? 1, most, filter),
            };
        });
        command.Add(Backup());
        command.Add(Restore());
        command.Add(VerifyLog());
        return command;
    }

    private static Command Backup()
    {
        var file = new Argument<string>("FILE") { Description = "Where to." };
        var force = new Option<bool>("--force") { Description = "Replace a file that is there." };
        var command = new Command("backup", "Copy the log into one file, while an engine may be writing it.") { file, force };
        command.SetAction(parsed => LogCopyVerb.Backup(Place(parsed), parsed.GetRequiredValue(file), parsed.GetValue(force), parsed.GetValue(json)));
        return command;
    }

    private static Command Restore()
    {
        var file = new Argument<string>("FILE") { Description = "The backup." };
        var command = new Command("restore", "Put a backup in the log's place; the log there is moved aside.") { file };
        command.SetAction(parsed => LogCopyVerb.Restore(
            Place(parsed), parsed.GetRequiredValue(file), Places.DataRoot(parsed.GetValue(project), Chosen(parsed)), parsed.GetValue(json)));
        return command;
    }

    private static Command VerifyLog()
    {
        var command = new Command("verify", "Check every event, that each is legal where it stands, and the snapshot.");
        command.SetAction(parsed => LogVerifyVerb.Run(Place(parsed), parsed.GetValue(json)));
        return command;
    }
}
