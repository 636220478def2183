namespace DataBuild.Jobs;

/// <summary>Runs a program as a DataBuild job.</summary>
public static class JobHost
{
    /// <summary>
    /// Finds out which job the engine runs and for which refs, calls its handler, and reports reads, misses and each ref's outcome.
    /// <code>
    /// return await JobHost.RunAsync(args, jobs => jobs
    ///     .Add("daily", "daily/{date}", (key, io) =>
    ///         File.WriteAllText(io.Output(), Summary(io.Input("raw/{date}")))));
    /// </code>
    /// </summary>
    /// <param name="args">The program's arguments.</param>
    /// <param name="configure">Adds the jobs.</param>
    /// <returns>The exit code, one of <see cref="JobExitCode"/>: return it from <c>Main</c>.</returns>
    public static Task<int> RunAsync(string[] args, Action<JobSet> configure) =>
        RunAsync(args, configure, JobEnvironment.Read(Environment.GetEnvironmentVariable), () => Console.Error);

    internal static async Task<int> RunAsync(string[] args, Action<JobSet> configure, JobEnvironment environment, Func<TextWriter> error)
    {
        var jobs = new JobSet();
        configure(jobs);
        if (JobCall.TryParse(args, environment, jobs, out string why) is not { } call)
        {
            error().Write(JobUsage.Text(Path.GetFileNameWithoutExtension(Environment.GetCommandLineArgs()[0]), jobs, why));
            return JobExitCode.Usage;
        }

        var messages = new JobMessages(environment.MessagesFile, error);
        var turn = new PartitionTurn(messages, error);
        var run = new JobRun(
            environment.Job.Length > 0 ? environment.Job : call.Name, environment.RunId, environment.Attempt, environment.TraceParent, call.Arguments);

        List<PartitionIO> all = [];
        bool failed = false;
        var families = call.Handlers.Select(handler => (handler, items: new List<PartitionIO>())).ToList();
        foreach (string @ref in call.Refs)
        {
            PartitionKey? key = null;
            List<PartitionIO>? items = families.FirstOrDefault(family => (key = family.handler.Pattern.Match(@ref)) is not null).items;
            if (items is null)
            {
                string patterns = string.Join(" or ", call.Handlers.Select(handler => $"'{handler.Pattern.Text}'"));
                messages.PartitionFailed(@ref, $"the program's job '{call.Name}' makes {patterns}, and this is no such ref", false);
                failed = true;
                continue;
            }

            items.Add(new PartitionIO(key!, run, environment, messages));
            all.Add(items[^1]);
        }

        foreach ((JobHandler handler, List<PartitionIO> items) in families)
        {
            await RunFamilyAsync(handler, items, turn).ConfigureAwait(false);
        }

        return failed || all.Exists(io => io.Outcome == PartitionOutcome.Failed) ? JobExitCode.Failed
            : all.Exists(io => io.Outcome != PartitionOutcome.Done) ? JobExitCode.MissingInputs
            : JobExitCode.Done;
    }

    private static async Task RunFamilyAsync(JobHandler handler, List<PartitionIO> items, PartitionTurn turn)
    {
        if (items.Count == 0)
        {
            return;
        }

        try
        {
            await handler.Handle(new PartitionBatch(items, turn)).ConfigureAwait(false);
            items.ForEach(turn.Settle);
        }
        catch (Exception exception)
        {
            items.ForEach(io => turn.Settle(io, exception));
        }
    }
}
