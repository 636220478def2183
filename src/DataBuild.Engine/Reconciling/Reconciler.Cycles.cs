using DataBuild.V1;

namespace DataBuild.Engine.Reconciling;

public sealed partial class Reconciler
{
    /// <summary>How far a cycle is sought when a wait begins. One that is longer is found when nothing else can go on.</summary>
    private const int CycleSearchLimit = 4096;

    /// <summary>Some refs wait and no run will end that; a time may.</summary>
    private bool IsStuck =>
        counts[(int)NodeStatus.Waiting] + counts[(int)NodeStatus.Suspect] > 0
        && counts[(int)NodeStatus.Ready] + counts[(int)NodeStatus.Retrying] + counts[(int)NodeStatus.Observing] == 0;

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
        int steps = 0;
        while (left.TryPop(out var at) && steps < CycleSearchLimit)
        {
            foreach (int id in at.Inputs)
            {
                steps++;
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

    /// <summary>
    /// Nothing runs and something waits: from any waiting node, following what it waits for leads into a cycle or to one that
    /// waits for a time. False if it is times alone.
    /// </summary>
    private bool BreakCycle()
    {
        var left = new HashSet<Node>();
        foreach (var start in nodes)
        {
            if (start is { IsWaiting: true } && FindCycle(start, left) is { } cycle)
            {
                Resolve(cycle);
                return true;
            }
        }

        return counts[(int)NodeStatus.Delayed] > 0 ? false : throw new InvalidOperationException("refs wait for nothing");
    }

    /// <param name="start">Where to begin.</param>
    /// <param name="left">Nodes that are known to lead into no cycle; grows.</param>
    private List<Node>? FindCycle(Node start, HashSet<Node> left)
    {
        var path = new List<Node>();
        var place = new Dictionary<Node, int>();
        var next = new Stack<int>();

        void Enter(Node node)
        {
            place.Add(node, path.Count);
            path.Add(node);
            next.Push(0);
        }

        if (!left.Contains(start))
        {
            Enter(start);
        }

        while (next.TryPop(out int i))
        {
            var at = path[^1];
            if (i == at.Inputs.Length)
            {
                left.Add(at);
                place.Remove(at);
                path.RemoveAt(path.Count - 1);
                continue;
            }

            next.Push(i + 1);
            var input = nodes[at.Inputs[i]]!;
            if (place.TryGetValue(input, out int begin))
            {
                return path[begin..];
            }

            if (input.IsWaiting && !left.Contains(input))
            {
                Enter(input);
            }
        }

        return null;
    }

    /// <summary>One of a cycle changed: whether there still is one is found anew.</summary>
    private void ForgetCycle(Node node)
    {
        foreach (var other in node.CycleNodes ?? [])
        {
            other.Cycle = null;
            other.CycleNodes = null;
            List(other);
        }
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
                ulong offset = state[from.Id].Offset;
                if (!dropped.TryGetValue(from.Id, out var memory) || memory.Offset != offset)
                {
                    dropped[from.Id] = memory = (offset, []);
                }

                memory.Inputs.Add(to.Id);
                List(from);
                return;
            }
        }

        var again = cycle.Where(node => node.Trouble is { Missed.Length: > 0 } trouble && trouble.Offset <= options.RetryUpTo).ToList();
        if (again.Count > 0)
        {
            again.ForEach(Retry);
            return;
        }

        // One cycle has one text, wherever it was entered.
        int first = cycle.IndexOf(cycle.MinBy(node => node.Ref, StringComparer.Ordinal)!);
        cycle = [.. cycle[first..], .. cycle[..first]];
        string path = string.Join(" -> ", cycle.Append(cycle[0]).Select(node => node.Ref));
        foreach (var node in cycle)
        {
            node.Cycle = Reasons.Of(
                ReasonKind.Failed,
                node.Ref,
                $"it waits for itself: {path}",
                state.TroubleOf(node.Id)?.Offset ?? state.GraphOffset);
            node.CycleNodes = cycle;
            Forget(node);
            Fail(node, node.Cycle);
        }
    }

    private bool IsObeyed(Node from, Node to) =>
        (from.Trouble is { } trouble && trouble.Offset > state.GraphOffset && trouble.Missed.Contains(to.Id)) || from.Family?.Needs(from.Ref).Contains(to.Ref, StringComparer.Ordinal) == true;
}
