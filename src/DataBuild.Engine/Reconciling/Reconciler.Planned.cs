namespace DataBuild.Engine.Reconciling;

public sealed partial class Reconciler
{
    /// <summary>Every ref that will run or may, in the order they were demanded: what the counts of <see cref="Plan"/> are counts of.</summary>
    public IReadOnlyList<PlannedRef> Planned()
    {
        Settle();
        var mayBeNeeded = MayBeNeeded();
        var planned = new List<PlannedRef>();
        foreach (var node in nodes.OfType<Node>().Where(node => node.Family is { IsSource: false }))
        {
            bool will = WillRun(node);
            if (will || node.Status == NodeStatus.Suspect || mayBeNeeded.Contains(node.Id))
            {
                var after = node.Inputs.Select(id => nodes[id]!).Where(input => !input.IsSettled && input.Family?.Job is not null).Select(input => input.Family!.Job!).ToHashSet();
                planned.Add(new PlannedRef(node.Ref, node.Family!, will, (will ? node.RunReason : null) ?? node.Reason ?? Reasons.NotWanted, after));
            }
        }

        foreach (int id in mayBeNeeded.Where(id => NodeAt(id) is null))
        {
            planned.Add(new PlannedRef(state.Refs[id], Graph.Find(state.Refs[id])!, Will: false, Reasons.NotWanted, []));
        }

        return planned;
    }
}
