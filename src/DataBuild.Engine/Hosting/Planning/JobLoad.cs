using DataBuild.Engine.Graph;
using DataBuild.Engine.Reconciling;

namespace DataBuild.Engine.Hosting.Planning;

/// <summary>What one job would have to do.</summary>
internal sealed class JobLoad(Job job)
{
    private readonly Dictionary<string, (int Will, int All)> batches = new(StringComparer.Ordinal);

    public Job Job => job;

    public long Will { get; private set; }

    public long May { get; private set; }

    /// <summary>Jobs whose partitions it waits for.</summary>
    public HashSet<Job> After { get; } = [];

    /// <summary>Runs for what will run.</summary>
    public long Runs => Count(batch => batch.Will);

    /// <summary>Runs if all that may run does.</summary>
    public long RunsAtMost => Count(batch => batch.All);

    public void Add(PlannedRef planned)
    {
        Will += planned.Will ? 1 : 0;
        May += planned.Will ? 0 : 1;
        After.UnionWith(planned.After.Where(other => other != job));
        string group = planned.Family.BatchGroup(planned.Ref);
        var (will, all) = batches.GetValueOrDefault(group);
        batches[group] = (will + (planned.Will ? 1 : 0), all + 1);
    }

    private long Count(Func<(int Will, int All), int> of) => batches.Values.Sum(batch => (of(batch) + (long)job.BatchSize - 1) / job.BatchSize);
}
