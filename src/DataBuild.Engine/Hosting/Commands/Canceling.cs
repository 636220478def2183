using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.State;
using DataBuild.V1;
using PartitionSet = DataBuild.Engine.Graph.PartitionSet;

namespace DataBuild.Engine.Hosting.Commands;

/// <summary>`cancel`: a want made by hand, a run, or all wants made by hand within a set.</summary>
internal static class Canceling
{
    public static CommandDecision Decide(CancelCommand command, CommandContext context)
    {
        if (context.State.FindWant(command.Target) is { IsChild: false } want)
        {
            return Cancel(command, context, [want]);
        }

        if (Guid.TryParseExact(command.Target, "D", out _))
        {
            return Run(command, context);
        }

        if (command.Target.StartsWith("want-", StringComparison.Ordinal) && context.Graph.Find(command.Target) is null)
        {
            throw new DataBuildException(Rules.NothingToCancel, $"no want '{command.Target}' is active; it may have ended, and `databuild status` lists those that are");
        }

        return Within(command, context);
    }

    private static CommandDecision Cancel(CancelCommand command, CommandContext context, IReadOnlyList<WantFacts> wants)
    {
        var decision = new CommandDecision();
        foreach (var want in wants)
        {
            if (want.IsStanding)
            {
                throw new DataBuildException(
                    Rules.StandingWantStays, $"want {want.Id} ({string.Join("; ", want.Want.Partitions.Expressions)}) is the project's; take it out of the project and build");
            }

            decision.Report.WantIds.Add(want.Id);
            if (want.IsActive)
            {
                decision.Events.Add(new BuildEvent { WantCancel = new WantCancelEventV1 { WantId = want.Id, Comment = command.Comment.Length > 0 ? command.Comment : "by hand" } });
            }
        }

        if (wants is [{ Set: { } set }])
        {
            decision.About(context.Graph, set);
        }

        return decision.Says(decision.Events.Count == 0
            ? $"want {command.Target} was cancelled before"
            : $"{CommandDecision.Count(decision.Events.Count, "want")} cancelled{(context.IsLive ? "; runs that nobody else wants are ended" : "")}");
    }

    private static CommandDecision Run(CancelCommand command, CommandContext context)
    {
        if (context.State.FindRun(command.Target) is not { } run)
        {
            throw new DataBuildException(Rules.NothingToCancel, $"no run {command.Target} is under way; it may have ended, and `databuild status` lists those that are");
        }

        if (!context.IsLive && !run.Outlives)
        {
            throw new DataBuildException(Rules.NothingToCancel, $"the engine of run {command.Target} is gone; the next build records the run as lost and clears up after it");
        }

        var decision = new CommandDecision().About(context.Graph, run.Refs.Select(id => context.State.Refs[id]));
        decision.Report.RunIds.Add(run.IdText);
        string cause = command.Comment.Length > 0 ? command.Comment : "cancelled by hand";
        if (!context.IsLive)
        {
            if (run.CancelAsked.Length == 0)
            {
                decision.Events.Add(new BuildEvent { JobRunCancel = new JobRunCancelEventV1 { RunId = run.IdText, Cause = cause, Asked = true } });
            }

            return decision.Says($"run {run.IdText} of {run.Job} on {run.Executor} is to be ended, and no engine is at work: the next build or service ends it before it does anything else");
        }

        decision.EndRuns.Add((run.IdText, cause));
        return decision.Says($"run {run.IdText} of {run.Job} is ended; its {CommandDecision.Count(run.Refs.Length)} wait for `databuild retry` or the next build");
    }

    private static CommandDecision Within(CancelCommand command, CommandContext context)
    {
        var set = context.Set(command.Target);
        var met = context.State.Wants
            .Where(want => want is { IsActive: true, IsChild: false, Set: not null } && Meets(want, set, context))
            .ToList();
        var byHand = met.Where(want => !want.IsStanding && IsWithin(want, set, context)).ToList();
        if (byHand.Count > 0)
        {
            return Cancel(command, context, byHand);
        }

        if (met.Find(want => !want.IsStanding) is { } larger)
        {
            throw new DataBuildException(
                Rules.NothingToCancel, $"want {larger.Id} covers more than '{command.Target}' ({string.Join("; ", larger.Want.Partitions.Expressions)}); cancel it by its id");
        }

        return met.Count > 0
            ? Cancel(command, context, met)
            : throw new DataBuildException(Rules.NothingToCancel, $"no active want made by hand is for '{command.Target}'; `databuild status` lists the wants");
    }

    private static bool Meets(WantFacts want, PartitionSet set, CommandContext context) => Both(want, set, context) < want.Set!.Count + set.Count;

    private static bool IsWithin(WantFacts want, PartitionSet set, CommandContext context) => Both(want, set, context) == set.Count;

    /// <summary>How many refs are in either: no ref is listed, however large the sets.</summary>
    private static long Both(WantFacts want, PartitionSet set, CommandContext context) =>
        PartitionSet.Parse([.. set.Text, .. want.Set!.Text], context.Graph, today: null).Count;
}
