using System.CommandLine;
using DataBuild.Cli.Verbs;

namespace DataBuild.Cli;

/// <summary>Verbs that ask: they read the log and change nothing.</summary>
internal static partial class Commands
{
    private static readonly Option<bool> full = new("--full") { Description = "Leave nothing out of long lists." };

    private static Command[] Questions() => [Status(), Why(), Log()];

    private static Command Status()
    {
        var command = new Command("status", "Where everything stands, from the log alone.") { full };
        command.SetAction(parsed => StatusVerb.Run(Place(parsed), parsed.GetValue(json), parsed.GetValue(full)));
        return command;
    }

    private static Command Why()
    {
        var reference = new Argument<string>("REF") { Description = "A partition or a source." };
        var at = new Option<ulong?>("--at") { Description = "As of this event.", HelpName = "OFFSET" };
        var command = new Command("why", "Why a partition is as it is, from the log alone.") { reference, at, full };
        command.SetAction(parsed => WhyVerb.Run(
            Place(parsed), parsed.GetRequiredValue(reference), parsed.GetValue(at), parsed.GetValue(json), parsed.GetValue(full)));
        return command;
    }

    private static Command Log()
    {
        var since = new Option<ulong?>("--since") { Description = "From this event on.", HelpName = "OFFSET" };
        var limit = new Option<int?>("--limit") { Description = "At most so many events.", HelpName = "N" };
        limit.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() < 1)
            {
                result.AddError("--limit is a number from 1 on");
            }
        });
        var refs = new Option<string[]>("--ref") { Description = "About these refs: names, or globs (* within a segment, ** across); may be repeated.", HelpName = "GLOB" };
        var jobs = new Option<string[]>("--job") { Description = "About this job; may be repeated.", HelpName = "LABEL" };
        var runs = new Option<string[]>("--run") { Description = "About this run; may be repeated.", HelpName = "ID" };
        var wants = new Option<string[]>("--want") { Description = "About this want; may be repeated.", HelpName = "ID" };
        var command = new Command("log", "What happened, event by event.") { since, limit, refs, jobs, runs, wants, full };
        command.SetAction(parsed => new LogVerb(parsed.GetValue(json), parsed.GetValue(full)).Run(
            Place(parsed),
            parsed.GetValue(since) ?? 1,
            parsed.GetValue(limit) ?? int.MaxValue,
            LogVerb.Filter(parsed.GetValue(refs), parsed.GetValue(jobs), parsed.GetValue(runs), parsed.GetValue(wants))));
        return command;
    }
}
