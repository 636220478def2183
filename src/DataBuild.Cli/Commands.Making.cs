using System.CommandLine;
using DataBuild.Cli.Fetching;
using DataBuild.Cli.Verbs;
using DataBuild.Cli.Verbs.Planning;

namespace DataBuild.Cli;

/// <summary>Verbs that make, or say what would be made.</summary>
internal static partial class Commands
{
    private const int LogSeconds = 300;
    private const int LogMegabytes = 2_000;

    private static Command Build()
    {
        var command = new Command("build", "Make what the project wants, and end.");
        var expect = new Option<bool>("--expect-up-to-date") { Description = "Fail if anything would run, and run nothing." };
        var asked = Asked(command, plan: false);
        command.Add(expect);
        command.SetAction((parsed, _) => new MakeVerb(asked(parsed) with { ExpectUpToDate = parsed.GetValue(expect) }).RunAsync());
        return command;
    }

    private static Command Plan()
    {
        var command = new Command("plan", "Say what a build would run, and why. Runs nothing.");
        var other = new Option<string?>("--log")
        {
            Description = "By this log instead of the project's own, without looking at data: what a change would rebuild of what that log knows. A file, or the http(s) address of a backup.",
            HelpName = "FILE|URL",
        };
        var exitCode = new Option<bool>("--exit-code") { Description = $"Exit with {ExitCodes.WouldRun} if anything would run." };
        var markdown = new Option<string?>("--markdown") { Description = "Write the plan to this file, as Markdown.", HelpName = "FILE" };
        var seconds = Positive("--log-timeout", $"Seconds that the log's server may take; {LogSeconds} unless said.");
        var megabytes = Positive("--log-size-limit", $"Megabytes that the log may have; {LogMegabytes} unless said.");
        var asked = Asked(command, plan: true);
        foreach (var option in (Option[])[other, exitCode, markdown, seconds, megabytes])
        {
            command.Add(option);
        }

        command.SetAction((parsed, _) =>
        {
            var making = asked(parsed) with { ExitCode = parsed.GetValue(exitCode), Markdown = parsed.GetValue(markdown) };
            return parsed.GetValue(other) is { } named
                ? new LogPlanVerb(making, named, new LogFetch(
                    TimeSpan.FromSeconds(parsed.GetValue(seconds) ?? LogSeconds), (parsed.GetValue(megabytes) ?? LogMegabytes) * 1_000_000L, FetchCache.DefaultFolder)).RunAsync()
                : new MakeVerb(making).RunAsync();
        });
        return command;
    }

    /// <summary>Adds what both take, and tells how to read it.</summary>
    private static Func<ParseResult, Making> Asked(Command command, bool plan)
    {
        var file = new Argument<string?>("PROJECT") { Description = "As --project.", Arity = ArgumentArity.ZeroOrOne };
        var wants = new Option<string[]>("--want") { Description = "Make this set instead of what the project wants; may be repeated.", HelpName = "SET" };
        var jobs = new Option<string[]>("--job") { Description = "Only what this job makes, and what that needs; may be repeated.", HelpName = "LABEL" };
        var properties = Properties();
        command.Add(file);
        command.Add(wants);
        command.Add(jobs);
        command.Add(properties);
        return parsed => new Making
        {
            ProjectFile = Places.Project(parsed.GetValue(file) ?? parsed.GetValue(project)),
            Environment = Chosen(parsed),
            Wants = parsed.GetValue(wants) ?? [],
            Jobs = parsed.GetValue(jobs) ?? [],
            Properties = parsed.GetValue(properties) ?? [],
            Json = parsed.GetValue(json),
            Plan = plan,
        };
    }
}
