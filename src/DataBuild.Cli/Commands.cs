using System.CommandLine;
using System.CommandLine.Help;
using DataBuild.Cli.Verbs;

namespace DataBuild.Cli;

/// <summary>The verbs with their arguments and options.</summary>
internal static class Commands
{
    public const string Name = "databuild";

    private static readonly Option<string?> project = new("--project")
    {
        Description = "The project: its .dbproj, or a folder with one. Questions need neither file nor data to be there.",
        HelpName = "FILE|FOLDER",
        Recursive = true,
    };

    private static readonly Option<string?> stateDirectory = new("--state-directory")
    {
        Description = "The folder of log and run logs, where it is not .databuild beside the project.",
        HelpName = "FOLDER",
        Recursive = true,
    };

    private static readonly Option<string?> log = new("--log")
    {
        Description = "The build event log, where it is not log.db in the state directory.",
        HelpName = "FILE",
        Recursive = true,
    };

    private static readonly Option<bool> json = new("--json")
    {
        Description = "Protobuf JSON on stdout and nothing else there.",
        Recursive = true,
    };

    private static readonly Option<bool> full = new("--full") { Description = "Leave nothing out of long lists." };

    public static Command Root()
    {
        var root = new Command(Name, "dotnet build for data.") { Build(), Plan(), Status(), Why(), Log(), project, stateDirectory, log, json };
        root.Options.Add(new HelpOption());
        root.Options.Add(new VersionOption());
        root.SetAction(parsed =>
        {
            new HelpAction().Invoke(parsed);
            return ExitCodes.Invalid;
        });
        return root;
    }

    private static Command Build() => Making(new Command("build", "Make what the project wants, and end."), plan: false);

    private static Command Plan() => Making(new Command("plan", "Say what a build would run, and why. Runs nothing."), plan: true);

    private static Command Making(Command command, bool plan)
    {
        var file = new Argument<string?>("PROJECT") { Description = "As --project.", Arity = ArgumentArity.ZeroOrOne };
        var wants = new Option<string[]>("--want") { Description = "Make this set instead of what the project wants; may be repeated.", HelpName = "SET" };
        var jobs = new Option<string[]>("--job") { Description = "Only what this job makes, and what that needs; may be repeated.", HelpName = "LABEL" };
        var properties = new Option<string[]>("--property", "-p") { Description = "A property, as for dotnet build; may be repeated.", HelpName = "NAME=VALUE" };
        command.Add(file);
        command.Add(wants);
        command.Add(jobs);
        command.Add(properties);
        command.SetAction((parsed, _) => new MakeVerb(plan, parsed.GetValue(json)).RunAsync(
            Places.Project(parsed.GetValue(file) ?? parsed.GetValue(project)),
            parsed.GetValue(wants) ?? [],
            parsed.GetValue(jobs) ?? [],
            parsed.GetValue(properties) ?? []));
        return command;
    }

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

    private static Engine.Hosting.Queries.LogPlace Place(ParseResult parsed) =>
        Places.Log(parsed.GetValue(project), parsed.GetValue(stateDirectory), parsed.GetValue(log));
}
