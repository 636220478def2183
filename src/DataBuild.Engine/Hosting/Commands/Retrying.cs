using DataBuild.V1;

namespace DataBuild.Engine.Hosting.Commands;

/// <summary>`retry`: what failed, or was cancelled, in a set and below it, through whatever waits for it.</summary>
internal static class Retrying
{
    public static CommandDecision Decide(RetryCommand command, CommandContext context)
    {
        var set = context.Set(command.Partitions);
        var jobs = new HashSet<string>(StringComparer.Ordinal);
        bool isAny = context.State.Troubles.Values.Any(IsRetried) || context.Graph.Jobs.Any(job => context.State.IsQuarantined(job.Label));
        var failed = isAny ? Failed(set.Enumerate(), context, jobs) : [];
        var decision = new CommandDecision().About(context.Graph, failed);
        if (failed.Count + jobs.Count == 0)
        {
            return decision.Says($"nothing failed in '{string.Join("; ", command.Partitions.Expressions)}' nor below it");
        }

        var retry = new RetryRequestEventV1 { Source = "command line" };
        retry.Refs.AddRange(failed);
        retry.Jobs.AddRange(jobs.Order(StringComparer.Ordinal));
        decision.Events.Add(new BuildEvent { RetryRequest = retry });
        string freed = jobs.Count > 0 ? $" and no longer quarantined: {string.Join(", ", retry.Jobs)}" : "";
        return decision.Says($"{CommandDecision.Count(failed.Count)} may be tried again with fresh budgets{freed}; {(context.IsLive ? "the build under way tries those that are wanted" : "the next build tries those that are wanted")}");
    }

    private static bool IsRetried(State.Trouble trouble) => trouble.Failure is not null || trouble.HeldAt > 0;

    /// <summary>By what each needs, lacked and read: the same ways that a failure spreads.</summary>
    private static List<string> Failed(IEnumerable<string> refs, CommandContext context, HashSet<string> quarantined)
    {
        var state = context.State;
        var failed = new List<string>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var left = new Stack<string>();
        foreach (string wanted in refs)
        {
            left.Push(wanted);
            while (left.TryPop(out string? @ref))
            {
                if (!seen.Add(@ref) || context.Graph.Find(@ref) is not { IsSource: false } family)
                {
                    continue;
                }

                if (state.IsQuarantined(family.Job!.Label))
                {
                    quarantined.Add(family.Job.Label);
                }

                foreach (string need in family.Needs(@ref))
                {
                    left.Push(need);
                }

                if (!state.Refs.TryGet(@ref, out int id))
                {
                    continue;
                }

                var trouble = state.TroubleOf(id);
                foreach (int input in (trouble?.Missed ?? []).Concat((state[id].Reads ?? []).Select(read => read.Ref)))
                {
                    left.Push(state.Refs[input]);
                }

                if (trouble is not null && IsRetried(trouble))
                {
                    failed.Add(@ref);
                }
            }
        }

        return failed;
    }
}
