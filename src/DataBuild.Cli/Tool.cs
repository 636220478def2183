using System.CommandLine;
using DataBuild.Cli.Output;
using DataBuild.Cli.Verbs;
using DataBuild.Engine.Diagnostics;

namespace DataBuild.Cli;

/// <summary>The `databuild` tool: from arguments to a verb, and from what went wrong to one line and an exit code.</summary>
internal static class Tool
{
    public static async Task<int> RunAsync(string[] args)
    {
        try
        {
            if (args is [var directive, var line] && directive.StartsWith("[suggest", StringComparison.Ordinal))
            {
                return Suggest.Run(Commands.Root(), directive, line);
            }

            var parsed = Commands.Root().Parse(args);
            if (parsed.Errors is [var first, ..] && parsed.Action is not System.CommandLine.Help.HelpAction)
            {
                string help = parsed.CommandResult.Command is { Name: not Commands.Name and var verb } ? $"{Commands.Name} {verb} --help" : $"{Commands.Name} --help";
                throw new DataBuildException(Rules.BadArguments, $"{first.Message.TrimEnd('.')}{Verbs(parsed)}. See `{help}`");
            }

            Commands.RequireFitting(parsed);
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }).ConfigureAwait(false);
        }
        catch (ReaderGoneException)
        {
            return ExitCodes.Success;
        }
        catch (DataBuildException e)
        {
            await Console.Error.WriteLineAsync(DiagnosticText.Of(e.ToDiagnostic(), projectFile: null)).ConfigureAwait(false);
            return ExitCodes.Of(e.Rule);
        }
    }

    private static string Verbs(ParseResult parsed) => parsed.CommandResult.Command is { Name: Commands.Name } root
        ? $"; the verbs are {string.Join(", ", root.Subcommands.Select(verb => verb.Name))}"
        : "";
}
