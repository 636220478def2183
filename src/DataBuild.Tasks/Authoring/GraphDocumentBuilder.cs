using DataBuild.V1;
using Microsoft.Build.Framework;

namespace DataBuild.Tasks.Authoring;

/// <summary>
/// Items as one document. Values stay as written: what they mean, and whether they are right, is the graph compiler's to say.
/// </summary>
internal sealed class GraphDocumentBuilder(ProjectPaths paths, JobPrograms programs, AuthoringReport report)
{
    /// <summary>MSBuild puts an item's own file here.</summary>
    private const string DefiningFile = "DefiningProjectFullPath";

    private readonly Dictionary<(string Type, string Include), uint> _seen = [];

    public GraphDocument Build(string name, string timeZone, GraphItems items)
    {
        var document = new GraphDocument { Name = name, TimeZone = timeZone };
        document.Jobs.AddRange(items.Jobs.Select(Job));
        document.Partitions.AddRange(items.Partitions.Select(Partition));
        document.Sources.AddRange(items.Sources.Select(Source));
        document.Wants.AddRange(items.Wants.Select(Want));
        document.Pools.AddRange(items.Pools.Select(Pool));
        return document;
    }

    private JobDefinition Job(ITaskItem item)
    {
        var job = new JobDefinition
        {
            Label = item.ItemSpec,
            Origin = OriginOf(GraphItems.Job, item),
            Command = item.GetMetadata("Command"),
            Arguments = item.GetMetadata("Arguments"),
            Environment = item.GetMetadata("Environment"),
            PassEnvironment = item.GetMetadata("PassEnvironment"),
            WorkingDirectory = Slashes(item.GetMetadata("WorkingDirectory")),
            Version = item.GetMetadata("Version"),
            BatchSize = item.GetMetadata("BatchSize"),
            BatchBy = item.GetMetadata("BatchBy"),
            MaxConcurrency = item.GetMetadata("MaxConcurrency"),
            Pools = item.GetMetadata("Pools"),
            Timeout = item.GetMetadata("Timeout"),
            Retries = item.GetMetadata("Retries"),
            RetryDelay = item.GetMetadata("RetryDelay"),
            RetryExitCodes = item.GetMetadata("RetryExitCodes"),
            QuarantineAfter = item.GetMetadata("QuarantineAfter"),
            Executor = item.GetMetadata("Executor").Trim(),
            Cpus = item.GetMetadata("Cpus").Trim(),
            Memory = item.GetMetadata("Memory").Trim(),
            SlurmPartition = item.GetMetadata("SlurmPartition").Trim(),
            SlurmArguments = item.GetMetadata("SlurmArguments").Trim(),
            OnStale = item.GetMetadata("OnStale"),
            Description = item.GetMetadata("Description"),
        };
        job.Sources.AddRange(SourceFiles.Expand(item.GetMetadata("Sources"), paths, job, report));
        programs.Fill(job, item.GetMetadata("Project"), report);
        return job;
    }

    private PartitionDefinition Partition(ITaskItem item) => new()
    {
        Pattern = item.ItemSpec,
        Origin = OriginOf(GraphItems.Partition, item),
        Job = item.GetMetadata("Job"),
        Needs = item.GetMetadata("Needs"),
        Early = item.GetMetadata("Early"),
        Retention = item.GetMetadata("Retention"),
        Description = item.GetMetadata("Description"),
    };

    private SourceDefinition Source(ITaskItem item) => new()
    {
        Pattern = item.ItemSpec,
        Origin = OriginOf(GraphItems.Source, item),
        Path = item.GetMetadata("Path"),
    };

    private WantDefinition Want(ITaskItem item) => new()
    {
        Partitions = item.ItemSpec,
        Origin = OriginOf(GraphItems.Want, item),
        Ttl = item.GetMetadata("Ttl"),
        Sla = item.GetMetadata("Sla"),
        Schedule = item.GetMetadata("Schedule").Trim(),
        Priority = item.GetMetadata("Priority"),
        Comment = item.GetMetadata("Comment"),
    };

    private PoolDefinition Pool(ITaskItem item) => new()
    {
        Name = item.ItemSpec,
        Origin = OriginOf(GraphItems.Pool, item),
        Slots = item.GetMetadata("Slots"),
    };

    private Origin OriginOf(string type, ITaskItem item)
    {
        var key = (type, item.ItemSpec);
        _seen.TryGetValue(key, out var ordinal);
        _seen[key] = ordinal + 1;
        var file = item.GetMetadata(DefiningFile);
        return new Origin
        {
            ItemType = type,
            Include = item.ItemSpec,
            Ordinal = ordinal,
            File = file.Length == 0 ? "" : paths.Relative(file),
        };
    }

    private static string Slashes(string path) => path.Replace('\\', '/');
}
