using System.CommandLine;
using DataBuild.Cli.Remote;
using DataBuild.Cli.Verbs;
using DataBuild.Engine.Hosting.Queries;
using DataBuild.V1;

namespace DataBuild.Cli;

/// <summary>Verbs that ask: they read the log and change nothing.</summary>
internal static partial class Commands
{
    private const int MostRows = 20;
    private const int MostRowsInJson = 1_000;

    private static readonly string[] runStates = ["Queued", "Running", "Unknown", "Succeeded", "Failed", "MissedDeps", "Canceled", "Lost"];
    private static readonly string[] wantStates = ["Canceled", "Building", "UpstreamBuilding", "Idle", "Failed", "UpstreamFailed", "Expired", "Successful"];
    private static readonly string[] refStates = [.. Enum.GetValues<RefState>().Where(state => state != RefState.Unspecified).Select(state => state.ToString())];

    private static readonly Option<bool> full = new("--full") { Description = "Leave nothing out of long lists." };

    private static Command[] Questions() => [Status(), Wants(), Partitions(), Runs(), Run(), Jobs(), Why(), Graph(), Log(), Completion()];

    private static Command Status()
    {
        var command = new Command("status", "Where everything stands, from the log alone.") { full };
        command.SetAction(parsed => Asked(parsed) is { } server ? RemoteVerbs.Status(server, parsed.GetValue(json), parsed.GetValue(full)) : StatusVerb.Run(Place(parsed), parsed.GetValue(json), parsed.GetValue(full)));
        return command;
    }

    private static Command Wants()
    {
        var states = States("Only wants in this state; may be repeated.", wantStates);
        var ended = new Option<bool>("--ended") { Description = "Also wants that ended or were cancelled; reads the whole log." };
        var limit = Limit("wants");
        var command = new Command("wants", "What is wanted, by whom, and where it stands.") { states, ended, limit, full };
        command.SetAction(parsed => Asked(parsed) is { } server
            ? RemoteVerbs.Wants(server, parsed.GetValue(states) ?? [], parsed.GetValue(ended), Most(parsed, limit), parsed.GetValue(json))
            : WantsVerb.Run(Place(parsed), parsed.GetValue(states) ?? [], parsed.GetValue(ended), Most(parsed, limit), parsed.GetValue(json)));
        return command;
    }

    private static Command Partitions()
    {
        var refs = new Argument<string[]>("REF-SET|GLOB")
        {
            Description = "Names, sets, or globs (* within a segment, ** across); everything that is wanted or known without any.",
            Arity = ArgumentArity.ZeroOrMore,
            CompletionSources = { Values.Refs(Place) },
        };
        var states = States("Only partitions in this state; may be repeated.", refStates);
        var job = JobOption("Only what this job makes.");
        var limit = Limit("partitions");
        var after = new Option<string?>("--after") { Description = "Go on after this one: the `next` of the page before.", HelpName = "REF" };
        var command = new Command("partitions", "Partitions, their states and why.") { refs, states, job, limit, after, full };
        command.SetAction(parsed =>
        {
            var verb = new PartitionsVerb(parsed.GetValue(json), parsed.GetValue(full), parsed.GetValue(limit), parsed.GetValue(after));
            string[] sets = parsed.GetValue(refs) ?? [];
            RefState[] chosen = [.. (parsed.GetValue(states) ?? []).Select(state => Enum.Parse<RefState>(state, ignoreCase: true))];
            return Asked(parsed) is { } server
                ? RemoteVerbs.Partitions(server, verb, sets, parsed.GetValue(job), chosen, parsed.GetValue(after))
                : verb.Run(Place(parsed), sets, parsed.GetValue(job), chosen);
        });
        return command;
    }

    private static Command Runs()
    {
        var jobs = new Option<string[]>("--job") { Description = "Runs of this job; may be repeated.", HelpName = "LABEL", CompletionSources = { Values.Jobs(Place) } };
        var states = States("Only runs in this state; may be repeated.", runStates);
        var refs = new Option<string[]>("--ref") { Description = "Runs for one of these: names, sets or globs; may be repeated.", HelpName = "SET", CompletionSources = { Values.Refs(Place) } };
        var since = new Option<string?>("--since") { Description = "Not older than this event or time (UTC).", HelpName = "OFFSET|TIME" };
        var limit = Limit("runs");
        var command = new Command("runs", "Runs, newest first.") { jobs, states, refs, since, limit, full };
        command.SetAction(parsed => Asked(parsed) is { } server ? RemoteVerbs.Runs(
            server, parsed.GetValue(jobs) ?? [], parsed.GetValue(states) ?? [], parsed.GetValue(refs) ?? [], parsed.GetValue(since), Most(parsed, limit), parsed.GetValue(json)) : RunsVerb.Run(
            Place(parsed),
            view => new RunsQuery(view)
            {
                Jobs = parsed.GetValue(jobs) ?? [],
                States = parsed.GetValue(states) ?? [],
                Refs = parsed.GetValue(refs) ?? [],
                Since = parsed.GetValue(since) is { } text ? LogInstant.Parse(text) : LogInstant.Begin,
            },
            Most(parsed, limit),
            parsed.GetValue(json)));
        return command;
    }

    private static Command Run()
    {
        var run = new Argument<string>("RUN-ID") { Description = "The run's id, or its beginning or end.", CompletionSources = { Values.Runs(Place) } };
        var follow = new Option<bool>("--follow") { Description = "Show what it writes until it has ended." };
        var command = new Command("run", "All facts of one run, and what it wrote.") { run, follow, full };
        command.SetAction(parsed =>
        {
            var verb = new RunVerb(parsed.GetValue(json), parsed.GetValue(full));
            string written = parsed.GetRequiredValue(run);
            return (Asked(parsed), parsed.GetValue(follow)) switch
            {
                ({ } server, true) => UntilStopped(stop => RemoteVerbs.Follow(server, verb, written, stop)),
                ({ } server, false) => RemoteVerbs.Run(server, verb, written),
                (null, true) => UntilStopped(stop => verb.Follow(Place(parsed), written, stop)),
                (null, false) => verb.Run(Place(parsed), written),
            };
        });
        return command;
    }

    private static Command Jobs()
    {
        var command = new Command("jobs", "Jobs, what they make and how their runs went.") { full };
        command.SetAction(parsed => Asked(parsed) is { } server ? RemoteVerbs.Jobs(server, parsed.GetValue(json), parsed.GetValue(full)) : JobsVerb.Run(Place(parsed), parsed.GetValue(json), parsed.GetValue(full)));
        return command;
    }

    private static Command Why()
    {
        var reference = new Argument<string>("REF") { Description = "A partition or a source.", CompletionSources = { Values.Refs(Place) } };
        var at = new Option<ulong?>("--at") { Description = "As of this event.", HelpName = "OFFSET" };
        var command = new Command("why", "Why a partition is as it is, from the log alone.") { reference, at, full };
        command.SetAction(parsed => Asked(parsed) is { } server ? RemoteVerbs.Why(
            server, parsed.GetRequiredValue(reference), parsed.GetValue(at), parsed.GetValue(json), parsed.GetValue(full)) : WhyVerb.Run(
            Place(parsed), parsed.GetRequiredValue(reference), parsed.GetValue(at), parsed.GetValue(json), parsed.GetValue(full)));
        return command;
    }

    private static Command Graph()
    {
        var reference = new Argument<string?>("REF")
        {
            Description = "What this one was made from, and what of it; without it, families.", Arity = ArgumentArity.ZeroOrOne, CompletionSources = { Values.Refs(Place) },
        };
        var format = new Option<string>("--format") { Description = "text, dot (Graphviz) or mermaid.", HelpName = "FORMAT", DefaultValueFactory = _ => "text" };
        format.AcceptOnlyFromAmong("text", "dot", "mermaid");
        var job = JobOption("Only what this job makes, with what it reads and what reads it.");
        var depth = new Option<int>("--depth") { Description = "How many hops up and down from REF (3).", HelpName = "N", DefaultValueFactory = _ => 3 };
        var limit = Limit("refs");
        depth.Validators.Add(result => RequireFrom1(result, result.GetValueOrDefault<int>()));
        var command = new Command("graph", "Families and what they read; or one partition's lineage.") { reference, format, job, depth, limit };
        command.SetAction(parsed =>
        {
            var verb = new GraphVerb(parsed.GetValue(json), Enum.Parse<GraphFormat>(parsed.GetRequiredValue(format), ignoreCase: true));
            return Asked(parsed) is { } server
                ? RemoteVerbs.Graph(server, verb, parsed.GetValue(job), parsed.GetValue(reference), parsed.GetValue(depth), parsed.GetValue(limit))
                : verb.Run(Place(parsed), parsed.GetValue(job), parsed.GetValue(reference), parsed.GetValue(depth), parsed.GetValue(limit));
        });
        return command;
    }

    private static Command Completion()
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh or fish." };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        var command = new Command("completion", "A script that teaches a shell to complete databuild's verbs, options and values.") { shell };
        command.SetAction(parsed => CompletionVerb.Run(parsed.GetRequiredValue(shell)));
        return command;
    }

    private static Option<string[]> States(string description, string[] states)
    {
        var option = new Option<string[]>("--state") { Description = $"{description} {string.Join(", ", states)}.", HelpName = "STATE", CompletionSources = { _ => states.Select(state => new System.CommandLine.Completions.CompletionItem(state)) } };
        option.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(token => !states.Contains(token.Value, StringComparer.OrdinalIgnoreCase)))
            {
                result.AddError($"there is no state '{token.Value}'; they are {string.Join(", ", states)}");
            }
        });
        return option;
    }

    private static Option<string?> JobOption(string description) => new("--job") { Description = description, HelpName = "LABEL", CompletionSources = { Values.Jobs(Place) } };

    private static Option<int?> Limit(string what)
    {
        var limit = new Option<int?>("--limit") { Description = $"At most so many {what}.", HelpName = "N" };
        limit.Validators.Add(result => RequireFrom1(result, result.GetValueOrDefault<int?>() ?? 1));
        return limit;
    }

    private static void RequireFrom1(System.CommandLine.Parsing.OptionResult result, int number)
    {
        if (number < 1)
        {
            result.AddError($"{result.Option.Name} is a number from 1 on");
        }
    }

    /// <summary>What people read at once, or programs in one piece, unless another number or everything is asked for.</summary>
    private static int Most(ParseResult parsed, Option<int?> limit) =>
        parsed.GetValue(full) ? int.MaxValue : parsed.GetValue(limit) ?? (parsed.GetValue(json) ? MostRowsInJson : MostRows);

    /// <summary>For what goes on until it is interrupted.</summary>
    private static int UntilStopped(Func<CancellationToken, int> run)
    {
        using var stop = new CancellationTokenSource();
        using var signals = new StopSignals(stop);
        return run(stop.Token);
    }
}
