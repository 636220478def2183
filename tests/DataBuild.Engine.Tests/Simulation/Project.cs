using System.Globalization;
using System.Text.RegularExpressions;
using DataBuild.V1;

namespace DataBuild.Engine.Tests.Simulation;

/// <summary>A project in a few lines: what a .dbproj would say.</summary>
internal sealed partial class Project
{
    public Project()
    {
    }

    /// <summary>The same project, to be added to.</summary>
    public Project(Project other) => Document = other.Document.Clone();

    public GraphDocument Document { get; } = new() { Name = "test" };

    /// <summary>A job; its version stands for all that its fingerprint is made of.</summary>
    public Project Job(
        string label,
        int batch = 1,
        string batchBy = "",
        int retries = 0,
        string retryDelay = "10s",
        string retryExitCodes = "",
        int maxConcurrency = 0,
        string pools = "",
        string onStale = "",
        string version = "1")
    {
        Document.Jobs.Add(new JobDefinition
        {
            Label = label,
            Command = label,
            BatchSize = Text(batch),
            BatchBy = batchBy,
            Retries = Text(retries),
            RetryDelay = retryDelay,
            RetryExitCodes = retryExitCodes,
            MaxConcurrency = maxConcurrency > 0 ? Text(maxConcurrency) : "",
            Pools = pools,
            OnStale = onStale,
            Version = version,
        });
        return this;
    }

    public Project Partition(string pattern, string job, string needs = "", bool early = false, string retention = "")
    {
        Document.Partitions.Add(new PartitionDefinition { Pattern = pattern, Job = job, Needs = needs, Early = early ? "true" : "", Retention = retention });
        return this;
    }

    /// <summary>A job that makes one family.</summary>
    public Project Makes(string pattern, string needs = "", int batch = 1, int retries = 0, string onStale = "")
    {
        string label = pattern.Split('/')[0];
        return Job(label, batch, retries: retries, onStale: onStale).Partition(pattern, label, needs);
    }

    public Project Source(string pattern)
    {
        Document.Sources.Add(new SourceDefinition { Pattern = pattern, Path = Untyped().Replace(pattern, "{$1}") });
        return this;
    }

    public Project Want(string set, int priority = 0, string sla = "", string ttl = "")
    {
        Document.Wants.Add(new WantDefinition { Partitions = set, Priority = Text(priority), Sla = sla, Ttl = ttl });
        return this;
    }

    public Project Pool(string name, int slots)
    {
        Document.Pools.Add(new PoolDefinition { Name = name, Slots = Text(slots) });
        return this;
    }

    /// <summary>The same project with something edited.</summary>
    public Project With(Action<GraphDocument> edit)
    {
        var edited = new Project(this);
        edit(edited.Document);
        return edited;
    }

    public Project WithVersion(string job, string version) =>
        With(document => document.Jobs.Single(one => one.Label == job).Version = version);

    [GeneratedRegex(@"\{(\w+):[^}]*\}")]
    private static partial Regex Untyped();

    private static string Text(int number) => number == 0 ? "" : number.ToString(CultureInfo.InvariantCulture);
}
