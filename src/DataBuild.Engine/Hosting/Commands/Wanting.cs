using DataBuild.Engine.Diagnostics;
using DataBuild.V1;

namespace DataBuild.Engine.Hosting.Commands;

/// <summary>`want`: one event, however many refs.</summary>
internal static class Wanting
{
    public static CommandDecision Decide(WantCommand command, string commandId, CommandContext context)
    {
        var set = context.Set(command.Partitions);
        if (set.Families.FirstOrDefault(family => family.IsSource) is { } source)
        {
            throw new DataBuildException(Rules.SourceWanted, $"'{source.Pattern}' is a source: nothing makes it, so it cannot be wanted");
        }

        var decision = new CommandDecision().About(context.Graph, set);
        if (set.Count == 0)
        {
            return decision.Says("the set is empty today, nothing is wanted");
        }

        string id = $"want-{commandId}";
        decision.Report.WantIds.Add(id);
        if (context.State.FindWant(id) is not null)
        {
            return decision.Says($"{CommandDecision.Count(set.Count)} wanted before by {id}");
        }

        var want = new Want
        {
            WantId = id,
            RootWantId = id,
            Partitions = new V1.PartitionSet(),
            Ttl = command.Ttl,
            Sla = command.Sla,
            Priority = command.Priority,
            Source = "command line",
            Comment = command.Comment,
        };
        want.Partitions.Expressions.AddRange(set.Text);
        decision.Events.Add(new BuildEvent { WantCreate = new WantCreateEventV1 { Want = want } });
        if (context is { IsLive: true, ServesAllWants: false })
        {
            decision.Report.Notes.Add("the build under way makes only what it was asked for; the next one makes this");
        }

        return decision.Says($"{CommandDecision.Count(set.Count)} wanted by {id}; {(context is { IsLive: true, ServesAllWants: true } ? "the build under way makes them" : "the next build makes them")}");
    }
}
