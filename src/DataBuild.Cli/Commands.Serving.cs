using System.CommandLine;
using DataBuild.Cli.Verbs;

namespace DataBuild.Cli;

internal static partial class Commands
{
    private const int LastPort = 65_535;

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
        var port = new Option<int?>("--port") { Description = "Take questions and commands over the network at this port; 0 takes one that is free and says it.", HelpName = "N" };
        port.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is < 0 or > LastPort)
            {
                result.AddError($"--port is a number from 0 to {LastPort}");
            }
        });
        var listen = new Option<string?>("--listen") { Description = "Listen at this address and not only on this machine. Callers need a token then, which is shown once.", HelpName = "ADDRESS" };
        var requiresToken = new Option<bool>("--require-token") { Description = "Callers need a token on this machine too, on which others have accounts." };
        var newToken = new Option<bool>("--new-token") { Description = "Make a new token; without --port, for the service at work." };
        command.Add(file);
        command.Add(properties);
        command.Add(sweep);
        command.Add(port);
        command.Add(listen);
        command.Add(requiresToken);
        command.Add(newToken);
        command.Validators.Add(result =>
        {
            if ((result.GetValue(listen) is not null || result.GetValue(requiresToken)) && result.GetValue(port) is null)
            {
                result.AddError("--listen and --require-token say how the service is reached, and --port N is missing");
            }
        });
        command.SetAction((parsed, _) =>
        {
            var api = parsed.GetValue(port) is { } number ? new ApiOptions(number, parsed.GetValue(listen), parsed.GetValue(requiresToken), parsed.GetValue(newToken)) : null;
            if (api is null && parsed.GetValue(newToken))
            {
                return Task.FromResult(NewTokenVerb.Run(
                    Places.Log(parsed.GetValue(file) ?? parsed.GetValue(project), Chosen(parsed), parsed.GetValue(stateDirectory), parsed.GetValue(log))));
            }

            return api is not null && ServiceProgram.Api is null ? Task.FromResult(ServiceProgram.Become()) : new ServeVerb(Chosen(parsed)).RunAsync(
                Places.Project(parsed.GetValue(file) ?? parsed.GetValue(project)), parsed.GetValue(properties) ?? [], parsed.GetValue(sweep), api);
        });
        return command;
    }
}
