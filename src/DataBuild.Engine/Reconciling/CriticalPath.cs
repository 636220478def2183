using DataBuild.Engine.Graph;
using DataBuild.Engine.State;

namespace DataBuild.Engine.Reconciling;

/// <summary>
/// How much time each job and all that waits for it are predicted to take: of two equally urgent refs, the one with more time left
/// has less slack and goes first. Reckoned for jobs, from how long their good runs took and from which job was seen to read which;
/// a job that never ran counts as nothing.
/// </summary>
internal sealed class CriticalPath(GraphLookup graph, BuildState state)
{
    private readonly HashSet<(int Input, int Reader)> edges = [];
    private long[]? ticks;

    /// <summary>The reader's job is seen to depend on the input's.</summary>
    public void Note(Family? input, Family? reader)
    {
        if (input?.Job is { } from && reader?.Job is { } to && from.Index != to.Index && edges.Add((from.Index, to.Index)))
        {
            ticks = null;
        }
    }

    /// <summary>Predicted ticks from the start of a run of the job to the end of the last one that depends on it.</summary>
    public long Of(Job job) => (ticks ??= Reckon())[job.Index];

    private long[] Reckon()
    {
        var readers = edges.ToLookup(edge => edge.Input, edge => edge.Reader);
        long[] own = [.. graph.Jobs.Select(job => state.FactsOfJob(job.Label)?.Predicted.Ticks ?? 0)];
        var left = (long[])own.Clone();
        var marks = new byte[own.Length];
        foreach (var job in graph.Jobs)
        {
            Visit(job.Index);
        }

        return left;

        // Jobs may depend on each other by different families; the way back into a job that is being reckoned counts as nothing.
        void Visit(int start)
        {
            var stack = new Stack<(int Job, IEnumerator<int> Readers)>();
            Push(start);
            while (stack.TryPeek(out var top))
            {
                if (!top.Readers.MoveNext())
                {
                    stack.Pop();
                    marks[top.Job] = 2;
                    left[top.Job] = own[top.Job] + readers[top.Job].Where(reader => marks[reader] == 2).Select(reader => left[reader]).DefaultIfEmpty().Max();
                }
                else
                {
                    Push(top.Readers.Current);
                }
            }

            void Push(int job)
            {
                if (marks[job] == 0)
                {
                    marks[job] = 1;
                    stack.Push((job, readers[job].GetEnumerator()));
                }
            }
        }
    }
}
