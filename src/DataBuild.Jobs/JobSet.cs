namespace DataBuild.Jobs;

/// <summary>The jobs that a program can be run as, by label.</summary>
public sealed class JobSet
{
    private readonly List<JobHandler> handlers = [];

    internal JobSet()
    {
    }

    internal IReadOnlyList<JobHandler> Handlers => handlers;

    /// <summary>Adds a job that makes one ref at a time. Given many, it is called for each; one that fails stops no other.</summary>
    /// <param name="name">
    /// The job's label, or the first of its arguments: a program with one job only may call it anything. Added again with another
    /// pattern, the job makes both.
    /// </param>
    /// <param name="pattern">The refs that it makes, as the project declares them: <c>daily/{date}</c>.</param>
    /// <param name="handler">Makes one ref.</param>
    /// <returns>This set.</returns>
    public JobSet Add(string name, string pattern, Func<PartitionKey, PartitionIO, Task> handler)
    {
        handlers.Add(new JobHandler(name, new PartitionPattern(pattern), batch => batch.ForEachAsync(handler)));
        return this;
    }

    /// <summary>Adds a job that makes one ref at a time, without awaiting anything.</summary>
    /// <param name="name">The job's label, or the first of its arguments.</param>
    /// <param name="pattern">The refs that it makes, as the project declares them: <c>daily/{date}</c>.</param>
    /// <param name="handler">Makes one ref.</param>
    /// <returns>This set.</returns>
    public JobSet Add(string name, string pattern, Action<PartitionKey, PartitionIO> handler) =>
        Add(name, pattern, (key, io) =>
        {
            handler(key, io);
            return Task.CompletedTask;
        });

    /// <summary>Adds a job that is given all refs of the run at once.</summary>
    /// <param name="name">The job's label, or the first of its arguments.</param>
    /// <param name="pattern">The refs that it makes, as the project declares them: <c>raw/{date}</c>.</param>
    /// <param name="handler">Makes all of them; if it throws, those that have no outcome yet fail.</param>
    /// <returns>This set.</returns>
    public JobSet AddBatch(string name, string pattern, Func<PartitionBatch, Task> handler)
    {
        handlers.Add(new JobHandler(name, new PartitionPattern(pattern), handler));
        return this;
    }
}
