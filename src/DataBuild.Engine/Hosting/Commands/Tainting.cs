using DataBuild.Engine.Diagnostics;
using DataBuild.V1;

namespace DataBuild.Engine.Hosting.Commands;

/// <summary>`taint`: marks live instances, and on demand what was made from them.</summary>
internal static class Tainting
{
    public static CommandDecision Decide(TaintCommand command, string commandId, CommandContext context)
    {
        var set = context.Set(command.Partitions);
        var marked = context.State.LiveRefsOf(set).ToHashSet();
        string text = string.Join("; ", command.Partitions?.Expressions ?? []);
        if (marked.Count == 0)
        {
            throw new DataBuildException(Rules.NothingToTaint, $"no partition of '{text}' is live, so there is nothing to distrust; what is not there is built when it is wanted");
        }

        long named = marked.Count;
        if (command.Downstream)
        {
            context.State.AddDownstream(marked);
        }

        string id = $"taint-{commandId}";
        var decision = new CommandDecision().About(context.Graph, marked.Select(one => context.State.Refs[one]));
        decision.Report.TaintIds.Add(id);
        if (context.State.Taints.All(taint => taint.Taint.TaintId != id))
        {
            var taint = new TaintCreateEventV1 { TaintId = id, Partitions = new V1.PartitionSet(), Comment = command.Comment, Downstream = command.Downstream };
            taint.Partitions.Expressions.AddRange(set.Text);
            decision.Events.Add(new BuildEvent { TaintCreate = taint });
        }

        string more = command.Downstream ? $" ({named:N0} named, {marked.Count - named:N0} made from them)" : "";
        return decision.Says(string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"{CommandDecision.Count(marked.Count)} tainted{more} by {id}; those that are wanted are rebuilt by {(context.IsLive ? "the build under way" : "the next build")}"));
    }
}
