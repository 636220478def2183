using System.Collections;

namespace DataBuild.Jobs;

/// <summary>
/// All refs of the run, for a job that does something once for many of them: one query, one large file read once.
/// A ref that <see cref="ForEachAsync"/> has not handled when the batch's handler returns is done if its output exists.
/// </summary>
public sealed class PartitionBatch : IReadOnlyList<PartitionIO>
{
    private readonly IReadOnlyList<PartitionIO> items;
    private readonly PartitionTurn turn;

    internal PartitionBatch(IReadOnlyList<PartitionIO> items, PartitionTurn turn)
    {
        this.items = items;
        this.turn = turn;
    }

    /// <summary>How many refs.</summary>
    public int Count => items.Count;

    /// <summary>One of the refs, in the order in which they were given.</summary>
    /// <param name="index">From 0.</param>
    public PartitionIO this[int index] => items[index];

    /// <summary>Handles each ref on its own: one that fails or lacks inputs stops no other.</summary>
    /// <param name="handler">Makes one ref.</param>
    public async Task ForEachAsync(Func<PartitionKey, PartitionIO, Task> handler)
    {
        foreach (PartitionIO item in items)
        {
            await turn.HandleAsync(item, handler).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public IEnumerator<PartitionIO> GetEnumerator() => items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
