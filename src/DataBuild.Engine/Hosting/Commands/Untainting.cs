using DataBuild.Engine.Diagnostics;
using DataBuild.V1;

namespace DataBuild.Engine.Hosting.Commands;

/// <summary>`untaint`: lifts a taint, or all taints from a set.</summary>
internal static class Untainting
{
    public static CommandDecision Decide(UntaintCommand command, CommandContext context)
    {
        var taints = context.State.Taints.ToList();
        var decision = new CommandDecision();
        var freed = new HashSet<int>();
        if (taints.Find(taint => taint.Taint.TaintId == command.Target) is { } one)
        {
            freed.UnionWith(one.Refs);
            Lift(decision, one.Taint.TaintId, command.Comment, null);
        }
        else if (command.Target.StartsWith("taint-", StringComparison.Ordinal) && context.Graph.Find(command.Target) is null)
        {
            throw new DataBuildException(Rules.NothingToUntaint, $"no taint '{command.Target}' is in force; `databuild status` lists those that are");
        }
        else
        {
            var set = context.Set(command.Target);
            foreach (var taint in taints)
            {
                var within = taint.Refs.Where(id => set.Contains(context.State.Refs[id])).ToList();
                if (within.Count > 0)
                {
                    freed.UnionWith(within);
                    Lift(decision, taint.Taint.TaintId, command.Comment, within.Count == taint.Refs.Count ? null : set.Text);
                }
            }

            if (freed.Count == 0)
            {
                throw new DataBuildException(Rules.NothingToUntaint, $"no partition of '{command.Target}' is tainted; `databuild status` lists the taints in force");
            }
        }

        decision.About(context.Graph, freed.Select(id => context.State.Refs[id]));
        return decision.Says($"{CommandDecision.Count(decision.Events.Count, "taint")} lifted from {CommandDecision.Count(freed.Count)}");
    }

    private static void Lift(CommandDecision decision, string taintId, string comment, IReadOnlyList<string>? from)
    {
        var cancel = new TaintCancelEventV1 { TaintId = taintId, Comment = comment };
        if (from is not null)
        {
            cancel.Partitions = new V1.PartitionSet();
            cancel.Partitions.Expressions.AddRange(from);
        }

        decision.Report.TaintIds.Add(taintId);
        decision.Events.Add(new BuildEvent { TaintCancel = cancel });
    }
}
