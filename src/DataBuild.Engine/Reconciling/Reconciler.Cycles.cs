using DataBuild.V1;

namespace DataBuild.Engine.Reconciling;

public sealed partial class Reconciler
{
    /// <summary>How far a cycle is sought when a wait begins. One that is longer is found when nothing else can go on.</summary>
    private const int CycleSearchLimit = 4096;

    /// <summary>Some refs wait, and neither a run nor a time will end that.</summary>
    private bool IsStuck =>
        counts[(int)NodeStatus.Waiting] + counts[(int)NodeStatus.Suspect] > 0
        && counts[(int)NodeStatus.Delayed] + counts[(int)NodeStatus.Ready] + counts[(int)NodeStatus.Retrying] + counts[(int)NodeStatus.Observing] == 0;

    /// <summary>Does this wait close a cycle? Only a node that others wait for can.</summary>
    private void DropCycles(Node node)
    {
        if (node.Dependents.Count == 0)
        {
            return;
        }

        var cameFrom = new Dictionary<Node, Node>();
        var left = new Stack<Node>();
        left.Push(node);
        while (left.TryPop(out var at) && cameFrom.Count < CycleSearchLimit)
        {
            foreach (int id in at.Inputs)
            {
                var input = nodes[id]!;
                if (input == node)
                {
                    Resolve(PathTo(at, node, cameFrom));
                    return;
                }

                if (input.IsWaiting && cameFrom.TryAdd(input, at))
                {
                    left.Push(input);
                }
            }
        }
    }

    private static List<Node> PathTo(Node last, Node first, Dictionary<Node, Node> cameFrom)
    {
        var path = new List<Node>();
        for (var at = last; at != first; at = cameFrom[at])
        {
            path.Add(at);
        }

        path.Add(first);
        path.Reverse();
        return path;
    }

    /// <summary>Nothing can go on and something waits: from any waiting node, following what it waits for leads into a cycle.</summary>
    private bool BreakCycle()
    {
        var at = nodes.First(node => node is { IsWaiting: true })!;
        var place = new Dictionary<Node, int>();
        var path = new List<Node>();
        while (place.TryAdd(at, path.Count))
        {
            path.Add(at);
            at = at.Inputs.Select(id => nodes[id]!).FirstOrDefault(input => input.IsWaiting)
                ?? throw new InvalidOperationException($"{at.Ref} waits for nothing");
        }

        Resolve(path[place[at]..]);
        return true;
    }

    /// <summary>
    /// A remembered wait on the cycle is dropped: running tells whether it still holds. Where each wait is declared or was just
    /// reported, no run can end it, and all on it fail with its path; a cycle of an earlier session is tried once more first.
    /// </summary>
    private void Resolve(List<Node> cycle)
    {
        for (int i = 0; i < cycle.Count; i++)
        {
            var from = cycle[i];
            var to = cycle[(i + 1) % cycle.Count];
            if (from.Status == NodeStatus.Suspect || !IsObeyed(from, to))
            {
                (from.Dropped ??= []).Add(to.Id);
                List(from);
                return;
            }
        }

        var again = cycle.Where(node => state.TroubleOf(node.Id) is { Missed.Length: > 0 } trouble && trouble.Offset <= options.SessionStart).ToList();
        if (again.Count > 0)
        {
            again.ForEach(Retry);
            return;
        }

        string path = string.Join(" -> ", cycle.Append(cycle[0]).Select(node => node.Ref));
        foreach (var node in cycle)
        {
            node.Cycle = Reasons.Of(
                ReasonKind.Failed,
                node.Ref,
                $"it waits for itself: {path}",
                state.TroubleOf(node.Id)?.Offset ?? state.GraphOffset);
            Forget(node);
            Fail(node, node.Cycle);
        }
    }

    private bool IsObeyed(Node from, Node to) =>
        state.TroubleOf(from.Id)?.Missed.Contains(to.Id) == true || from.Family?.Needs(from.Ref).Contains(to.Ref, StringComparer.Ordinal) == true;
}
