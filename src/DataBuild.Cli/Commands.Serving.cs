using System.CommandLine;
using DataBuild.Cli.Verbs;

namespace DataBuild.Cli;

internal static partial class Commands
{
    private static readonly TimeSpan defaultSweep = TimeSpan.FromHours(1);

    private static Command Serve()
    {
        var command = new Command("serve", "Make what the project wants for as long as it runs, and take in what changes.");
        var file = new Argument<string?>("PROJECT") { Description = "As --project.", Arity = ArgumentArity.ZeroOrOne };
        var properties = new Option<string[]>("--property", "-p") { Description = "A property, as for dotnet build; may be repeated.", HelpName = "NAME=VALUE" };
        var sweep = new Option<TimeSpan>("--sweep")
        {
            Description = "How often all files of concern are looked at, whatever was seen of changes (hh:mm:ss).",
            HelpName = "TIME",
            DefaultValueFactory = _ => defaultSweep,
        };
        command.Add(file);
        command.Add(properties);
        command.Add(sweep);
        command.SetAction((parsed, _) => new ServeVerb(Chosen(parsed)).RunAsync(
            Places.Project(parsed.GetValue(file) ?? parsed.GetValue(project)), parsed.GetValue(properties) ?? [], parsed.GetValue(sweep)));
        return command;
    }
}
