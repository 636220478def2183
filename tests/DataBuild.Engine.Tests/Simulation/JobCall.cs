using DataBuild.Engine.Ports;
using DataBuild.V1;

namespace DataBuild.Engine.Tests.Simulation;

/// <summary>One run, as the job sees it: what it was given, what it can read, and what it says and leaves.</summary>
internal sealed class JobCall(Simulator simulator, JobRunQueueEventV1 queue)
{
    public string RunId => queue.RunId;

    public string Job => queue.Job;

    public IReadOnlyList<string> Refs { get; } = [.. queue.Partitions.Select(partition => partition.Ref)];

    public string Ref => Refs.Count == 1 ? Refs[0] : throw new InvalidOperationException($"the run is for {string.Join(", ", Refs)}");

    public IReadOnlyList<int> Attempts { get; } = [.. queue.Partitions.Select(partition => (int)partition.Attempt)];

    public IReadOnlyList<Read> Inputs => queue.Inputs;

    public List<JobMessage> Messages { get; } = [];

    public Dictionary<string, string> Outputs { get; } = new(StringComparer.Ordinal);

    public RunEnding Ending { get; set; } = RunEnding.Exited;

    public int? ExitCode { get; set; } = 0;

    public int Signal { get; set; }

    public string Tail { get; set; } = "";

    public List<Diagnostic> Diagnostics { get; } = [];

    /// <summary>Why the disk could not take its output.</summary>
    public Diagnostic? Untaken { get; set; }

    /// <summary>What the data root or the source holds now; null if nothing.</summary>
    public string? Read(string @ref) => simulator.ContentOf(@ref);

    public void Write(string @ref, string content) => Outputs[@ref] = content;

    public void Done(params string[] refs) => Messages.Add(new JobMessage { For = { refs }, PartitionDone = new PartitionDoneMessage() });

    public void Fail(string @ref, string reason = "bad data", bool? retryable = null)
    {
        var message = new PartitionFailedMessage { Reason = reason };
        if (retryable is { } value)
        {
            message.Retryable = value;
        }

        Messages.Add(new JobMessage { For = { @ref }, PartitionFailed = message });
    }

    /// <summary>Misses of these refs of the run; of those without another outcome where it names none.</summary>
    public void Miss(IEnumerable<string> missing, params string[] @for) =>
        Messages.Add(new JobMessage { For = { @for }, MissingDeps = new MissingDeps { Refs = { missing } } });

    public void Miss(string missing, params string[] @for) => Miss([missing], @for);

    public void ReportReads(IEnumerable<string> reads, params string[] @for) =>
        Messages.Add(new JobMessage { For = { @for }, ReadDeps = new ReadDeps { Refs = { reads } } });

    /// <summary>Reads a file that is neither partition nor source, and says so.</summary>
    public string? ReadFile(string path)
    {
        Messages.Add(new JobMessage { ReadFiles = new ReadFiles { Paths = { path } } });
        return simulator.OtherFiles.GetValueOrDefault(path);
    }

    public void Later(double seconds, params string[] @for) =>
        Messages.Add(new JobMessage { For = { @for }, RetryAfter = new RetryAfter { Seconds = seconds } });

    public void Exit(int code, string tail = "")
    {
        ExitCode = code;
        Tail = tail;
    }

    public void EndBySignal(int signal)
    {
        ExitCode = null;
        Signal = signal;
    }

    public void TimeOut()
    {
        ExitCode = null;
        Ending = RunEnding.TimedOut;
    }

    public void CannotStart()
    {
        ExitCode = null;
        Ending = RunEnding.CannotStart;
    }

    /// <summary>Makes each ref of its declared needs.</summary>
    public void MakeFromNeeds()
    {
        foreach (string @ref in Refs)
        {
            Write(@ref, Made(@ref, simulator.Graph.Find(@ref)?.Needs(@ref) ?? []));
        }
    }

    /// <summary>Makes each ref of these inputs, or says which of them are missing.</summary>
    public void MakeFrom(Func<string, IEnumerable<string>> inputsOf)
    {
        foreach (string @ref in Refs)
        {
            var inputs = inputsOf(@ref).ToList();
            var missing = inputs.Where(input => Read(input) is null).ToList();
            if (missing.Count > 0)
            {
                Miss(missing, @ref);
                ExitCode = 75;
            }
            else
            {
                ReportReads(inputs, @ref);
                Write(@ref, Made(@ref, inputs));
            }
        }
    }

    /// <summary>A text that tells ref, inputs and version of the job; of bounded length.</summary>
    private string Made(string @ref, IEnumerable<string> inputs)
    {
        string text = $"{@ref}[{string.Join(' ', inputs.Select(Read))}]v{simulator.Graph.FindJob(Job)?.Definition.Version}";
        return text.Length <= 200 ? text : $"{@ref}[{Content.Fingerprint(text)}]";
    }
}
