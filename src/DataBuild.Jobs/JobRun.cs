namespace DataBuild.Jobs;

/// <summary>The run that this process is.</summary>
public sealed class JobRun
{
    internal JobRun(string job, string id, int attempt, string traceParent, IReadOnlyList<string> arguments)
    {
        Job = job;
        Id = id;
        Attempt = attempt;
        TraceParent = traceParent;
        Arguments = arguments;
    }

    /// <summary>The job's label in the project.</summary>
    public string Job { get; }

    /// <summary>The run's id (<c>DATABUILD_JOB_RUN_ID</c>); empty when run by hand.</summary>
    public string Id { get; }

    /// <summary>The run's number in its chain of retries, from 1.</summary>
    public int Attempt { get; }

    /// <summary>The W3C trace context of the run (<c>TRACEPARENT</c>); empty if there is none.</summary>
    public string TraceParent { get; }

    /// <summary>The job's declared arguments: those before the refs, without the job's name where that came first.</summary>
    public IReadOnlyList<string> Arguments { get; }
}
