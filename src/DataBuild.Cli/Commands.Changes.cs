using System.CommandLine;
using System.Globalization;
using DataBuild.Cli.Verbs.Changing;
using DataBuild.V1;
using Google.Protobuf.WellKnownTypes;
using Durations = DataBuild.Engine.Graph.Durations;

namespace DataBuild.Cli;

/// <summary>Verbs that append to the log.</summary>
internal static partial class Commands
{
    private static readonly Option<bool> preview = new("--preview") { Description = "Say what it would do, and change nothing." };

    private static readonly Option<string?> because = new("--because") { Description = "Why, for the log.", HelpName = "TEXT" };

    private static readonly Option<string[]> property = new("--property", "-p") { Description = "A property, as for dotnet build; may be repeated.", HelpName = "NAME=VALUE" };

    private static Command[] Changes() => [Want(), Cancel(), Taint(), Untaint(), Retry(), Accept(), Adopt(), Rename()];

    private static Command Want()
    {
        var sets = Sets("What is wanted: refs or sets, in single quotes.");
        var ttl = Time("--ttl", "How long it is wanted.");
        var sla = Time("--sla", "How soon it should be there.");
        var priority = new Option<int>("--priority") { Description = "Higher goes first.", HelpName = "N" };
        var comment = new Option<string?>("--comment") { Description = "For people.", HelpName = "TEXT" };
        var command = new Command("want", "Want partitions: the build under way, or the next one, makes them.") { sets, ttl, sla, priority, comment, preview, property };
        return OnProject(command, parsed => new CommandRequest
        {
            Want = new WantCommand
            {
                Partitions = SetOf(parsed.GetRequiredValue(sets)),
                Ttl = DurationOf(parsed.GetValue(ttl)),
                Sla = DurationOf(parsed.GetValue(sla)),
                Priority = parsed.GetValue(priority),
                Comment = parsed.GetValue(comment) ?? "",
            },
        });
    }

    private static Command Cancel()
    {
        var target = new Argument<string>("WANT-ID|RUN-ID|REF-SET") { Description = "A want made by hand, a run under way, or all wants made by hand within a set." };
        var command = new Command("cancel", "End wants that were made by hand, or a run of a build under way.") { target, because, preview };
        return OnLog(command, parsed => new CommandRequest { Cancel = new CancelCommand { Target = parsed.GetRequiredValue(target), Comment = parsed.GetValue(because) ?? "" } });
    }

    private static Command Taint()
    {
        var sets = Sets("What is not to be trusted: refs or sets, in single quotes.");
        var downstream = new Option<bool>("--downstream") { Description = "And what was made from it, as recorded." };
        var command = new Command("taint", "Mark live partitions as not to be trusted: they are rebuilt where they are wanted.") { sets, downstream, because, preview };
        return OnLog(command, parsed => new CommandRequest
        {
            Taint = new TaintCommand { Partitions = SetOf(parsed.GetRequiredValue(sets)), Downstream = parsed.GetValue(downstream), Comment = parsed.GetValue(because) ?? "" },
        });
    }

    private static Command Untaint()
    {
        var target = new Argument<string>("TAINT-ID|REF-SET") { Description = "A taint, or what all taints are to be lifted from." };
        var command = new Command("untaint", "Lift taints.") { target, because, preview };
        return OnLog(command, parsed => new CommandRequest { Untaint = new UntaintCommand { Target = parsed.GetRequiredValue(target), Comment = parsed.GetValue(because) ?? "" } });
    }

    private static Command Retry()
    {
        var sets = Sets("What should be tried again: refs or sets, in single quotes.");
        var command = new Command("retry", "Let failed and cancelled partitions of a set, and those it waits for, be tried again with fresh budgets.") { sets, preview };
        return OnLog(command, parsed => new CommandRequest { Retry = new RetryCommand { Partitions = SetOf(parsed.GetRequiredValue(sets)) } });
    }

    private static Command Accept()
    {
        var sets = Sets("What is good as it is: refs or sets, in single quotes.");
        var why = new Option<string>("--because") { Description = "Why, for the log.", HelpName = "TEXT", Required = true };
        var command = new Command("accept", "Declare stale, changed or tainted live data good: it counts as up to date.") { sets, why, preview, property };
        return OnProject(command, parsed => new CommandRequest
        {
            Accept = new AcceptCommand { Partitions = SetOf(parsed.GetRequiredValue(sets)), Comment = parsed.GetRequiredValue(why) },
        });
    }

    private static Command Adopt()
    {
        var sets = Sets("Partitions whose files are there: refs or sets, in single quotes.");
        sets.Arity = ArgumentArity.ZeroOrMore;
        var all = new Option<bool>("--all") { Description = "Every file and folder of the data root that is a partition's." };
        var claim = new Option<bool>("--claim") { Description = "Take the data root over from a log that is lost." };
        var command = new Command("adopt", "Take existing files in as live partitions. Runs nothing.") { sets, all, claim, because, preview, property };
        return OnProject(command, parsed => new CommandRequest
        {
            Adopt = new AdoptCommand
            {
                Partitions = SetOf(parsed.GetValue(sets) ?? []),
                All = parsed.GetValue(all),
                Claim = parsed.GetValue(claim),
                Comment = parsed.GetValue(because) ?? "",
            },
        });
    }

    private static Command Rename()
    {
        var from = new Argument<string>("OLD-PATTERN") { Description = "The pattern that the data was built under." };
        var to = new Argument<string>("NEW-PATTERN") { Description = "The pattern that the project has now." };
        var command = new Command("rename", "Give a family another name, files and history included. Runs nothing.") { from, to, because, preview, property };
        return OnProject(command, parsed => new CommandRequest
        {
            Rename = new RenameCommand { From = parsed.GetRequiredValue(from), To = parsed.GetRequiredValue(to), Comment = parsed.GetValue(because) ?? "" },
        });
    }

    private static Command OnLog(Command command, Func<ParseResult, CommandRequest> request)
    {
        command.SetAction((parsed, _) => Change(parsed, request) is var verb && Asked(parsed) is { } server ? verb.RunAsync(server) : verb.RunAsync(Place(parsed)));
        return command;
    }

    private static Command OnProject(Command command, Func<ParseResult, CommandRequest> request)
    {
        command.SetAction((parsed, _) => Change(parsed, request) is var verb && Asked(parsed) is { } server ? verb.RunAsync(server) : verb.RunAsync(
            () => Places.Project(parsed.GetValue(project)), Place(parsed), [.. Chosen(parsed).Properties, .. parsed.GetValue(property) ?? []]));
        return command;
    }

    private static ChangeVerb Change(ParseResult parsed, Func<ParseResult, CommandRequest> request) => new(request(parsed), parsed.GetValue(json), parsed.GetValue(preview));

    private static Argument<string[]> Sets(string description) => new("REF-SET") { Description = description, Arity = ArgumentArity.OneOrMore };

    private static Option<string?> Time(string name, string description)
    {
        var option = new Option<string?>(name) { Description = description, HelpName = "TIME" };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } text && !Durations.TryParse(text, out var time) | time <= TimeSpan.Zero)
            {
                result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name} '{text}' is no time; {Durations.Hint}"));
            }
        });
        return option;
    }

    private static Duration? DurationOf(string? text) => text is not null && Durations.TryParse(text, out var time) ? Duration.FromTimeSpan(time) : null;

    private static PartitionSet SetOf(string[] expressions) => new() { Expressions = { expressions } };
}
