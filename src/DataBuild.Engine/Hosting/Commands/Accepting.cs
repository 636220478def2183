using DataBuild.Engine.Diagnostics;
using DataBuild.V1;

namespace DataBuild.Engine.Hosting.Commands;

/// <summary>`accept`: what is live is good as it is. One small event: the fold takes the present from the state.</summary>
internal static class Accepting
{
    public static CommandDecision Decide(AcceptCommand command, CommandContext context)
    {
        var set = context.Set(command.Partitions);
        var files = context.Files ?? throw new InvalidOperationException("accepting looks at files");

        // What its files and inputs are now has to be in the state first.
        files.Look([.. context.State.LiveRefsOf(set).Select(id => context.State.Refs[id])]);
        var live = context.State.LiveRefsOf(set).ToList();
        if (live.Count == 0)
        {
            throw new DataBuildException(
                Rules.NothingToAccept, $"no partition of '{string.Join("; ", command.Partitions.Expressions)}' is live; build it, or take existing files in with `databuild adopt`");
        }

        var changed = files.ChangedReads(live);
        var differing = live.Where(id => context.State.Differs(id) || context.State.FileReadsOf(id).Any(read => changed.ContainsKey(read.Path))).ToList();
        var decision = new CommandDecision().About(context.Graph, differing.Select(id => context.State.Refs[id]));
        if (differing.Count == 0)
        {
            return decision.Says($"{CommandDecision.Count(live.Count)} live and nothing differs: there is nothing to accept");
        }

        var accept = new AcceptEventV1 { Partitions = new V1.PartitionSet(), Comment = command.Comment };
        accept.Partitions.Expressions.AddRange(set.Text);
        accept.FileReads.AddRange(changed
            .OrderBy(file => file.Key, StringComparer.Ordinal)
            .Select(file => new FileRead { Path = file.Key, ContentFingerprint = file.Value.ToByteString() }));
        decision.Events.Add(new BuildEvent { Accept = accept });
        return decision.Says($"{CommandDecision.Count(differing.Count)} accepted as good, {live.Count - differing.Count} did not differ");
    }
}
