using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using DataBuild.Cli.Remote;
using DataBuild.Cli.Verbs;
using DataBuild.Engine.Diagnostics;

namespace DataBuild.Cli;

/// <summary>The verbs with their arguments and options.</summary>
internal static partial class Commands
{
    public const string Name = "databuild";

    private static readonly Option<string?> project = new("--project")
    {
        Description = "The project: its .dbproj, or a folder with one. Questions need neither file nor data to be there.",
        HelpName = "FILE|FOLDER",
        Recursive = true,
    };

    private static readonly Option<string[]> environment = new("--environment")
    {
        Description = "The environment, as -p:DataBuildEnvironment=NAME for dotnet build: own data, own log. Empty for the one without a name.",
        HelpName = "NAME",
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

    private static readonly string[] remote = ["status", "wants", "partitions", "runs", "run", "jobs", "why", "graph", "log", "want", "cancel", "taint", "untaint", "retry", "accept", "adopt", "rename"];

    public static Command Root()
    {
        var root = new Command(Name, "dotnet build for data.") { project, environment, stateDirectory, log, json, Server.Option };
        foreach (var verb in (Command[])[Build(), Plan(), Serve(), .. Questions(), .. Changes(), .. Trying(), BinaryLog()])
        {
            root.Subcommands.Add(verb);
        }

        root.Options.Add(new HelpOption());
        root.Options.Add(new VersionOption());
        root.SetAction((parsed, _) =>
        {
            // `dotnet run --project X` without a verb names the project and nothing else.
            if (parsed.GetValue(project) is { } named)
            {
                return new ServeVerb(Chosen(parsed)).RunAsync(Places.Project(named), [], defaultSweep);
            }

            new HelpAction().Invoke(parsed);
            return Task.FromResult(ExitCodes.Invalid);
        });
        return root;
    }

    /// <summary>A verb that needs what is here is not asked of a service elsewhere.</summary>
    public static void RequireFitting(ParseResult parsed)
    {
        if (parsed.GetResult(Server.Option) is { Implicit: false } && parsed.CommandResult.Command is var verb && (!remote.Contains(verb.Name) || parsed.CommandResult.Parent is CommandResult { Command.Name: not Name }))
        {
            throw new DataBuildException(
                Rules.NotRemote, $"`{Verb(parsed)}` works where the project is and not over the network; leave out --server, or run it there. Over the network there are {string.Join(", ", remote)}");
        }
    }

    private static string Verb(ParseResult parsed) => parsed.CommandResult.Parent is CommandResult { Command: { Name: not Name } group } ? $"{group.Name} {parsed.CommandResult.Command.Name}" : parsed.CommandResult.Command.Name;

    /// <summary>The service that is to be asked; null for the log here.</summary>
    private static Uri? Asked(ParseResult parsed) => Server.Of(parsed, project, stateDirectory, log);

    private static ChosenEnvironment Chosen(ParseResult parsed) => new(parsed.GetValue(environment) ?? []);

    private static Engine.Hosting.Queries.LogPlace Place(ParseResult parsed) =>
        Places.Log(parsed.GetValue(project), Chosen(parsed), parsed.GetValue(stateDirectory), parsed.GetValue(log));
}
