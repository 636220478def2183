namespace DataBuild.Engine.Reconciling;

/// <summary>
/// Refs of one job that may run, best rank first, by batch group. Entries are never removed from within: one whose node was
/// taken, is no longer ready or was entered again since does not hold its node's ticket any more and is skipped.
/// </summary>
internal sealed class ReadyQueue
{
    private readonly PriorityQueue<string, (Rank, long)> groups = new();
    private readonly Dictionary<string, PriorityQueue<Node, (Rank, long)>> nodes = new(StringComparer.Ordinal);
    public void Add(Node node, string group, long ticket)
    {
        if (!nodes.TryGetValue(group, out var queue))
        {
            nodes.Add(group, queue = new PriorityQueue<Node, (Rank, long)>());
        }

        var place = (node.Rank, ticket);
        node.Ticket = ticket;
        queue.Enqueue(node, place);
        groups.Enqueue(group, place);
    }

    /// <summary>Rank and group of the best ready ref; false if there is none.</summary>
    public bool TryPeek(out Rank rank, out string group)
    {
        while (groups.TryPeek(out group!, out var place))
        {
            // A group stands where its best ref stands; places of refs that are gone say nothing of the others.
            if (Head(group) is { } head && head.Ticket == place.Item2)
            {
                rank = place.Item1;
                return true;
            }

            groups.Dequeue();
        }

        rank = Rank.Last;
        group = "";
        return false;
    }

    /// <summary>Takes up to a number of ready refs of a group; a ref with a smaller limit of its own ends the batch early.</summary>
    public List<Node> Take(string group, int most, Func<Node, int> limitOf)
    {
        var batch = new List<Node>();
        while (batch.Count < most && Head(group) is { } head)
        {
            int limit = limitOf(head);
            if (limit > 0)
            {
                if (batch.Count >= limit)
                {
                    break;
                }

                most = Math.Min(most, limit);
            }

            nodes[group].Dequeue();
            head.Ticket = 0;
            batch.Add(head);
        }

        return batch;
    }

    private Node? Head(string group)
    {
        if (!nodes.TryGetValue(group, out var queue))
        {
            return null;
        }

        while (queue.TryPeek(out var node, out var place))
        {
            if (node.Status == NodeStatus.Ready && node.Ticket == place.Item2)
            {
                return node;
            }

            queue.Dequeue();
        }

        nodes.Remove(group);
        return null;
    }
}
