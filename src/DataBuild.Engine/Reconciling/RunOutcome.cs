using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Ports;
using DataBuild.Engine.State;
using DataBuild.V1;

namespace DataBuild.Engine.Reconciling;

/// <summary>What is known of one ref of an ended run, gathered from its messages.</summary>
internal sealed class RunOutcome(string @ref, int id, FileObservation output)
{
    public string Ref { get; } = @ref;

    public int Id { get; } = id;

    public FileObservation Output { get; } = output;

    /// <summary>The job said that it is complete.</summary>
    public PartitionDoneMessage? Done { get; set; }

    /// <summary>The job said that it failed.</summary>
    public PartitionFailedMessage? Failed { get; set; }

    /// <summary>The job asked to be run later.</summary>
    public RetryAfter? Later { get; set; }

    /// <summary>The run was not started for it, and why.</summary>
    public Diagnostic? Refused { get; set; }

    /// <summary>What is wrong with what it said of its inputs.</summary>
    public (DiagnosticRule Rule, string Text)? Fault { get; set; }

    public HashSet<string> Missed { get; } = new(StringComparer.Ordinal);

    /// <summary>It was told of misses, be it only of refs that needed no report.</summary>
    public bool HasMissed { get; set; }

    public HashSet<string> Reads { get; } = new(StringComparer.Ordinal);

    public HashSet<FileReadFact> Files { get; } = [];

    /// <summary>It left nothing in its staging directory, and there is something at the ref's place in the data root.</summary>
    public bool IsInPlace { get; init; }

    public bool IsExplicit => Refused is not null || Done is not null || Failed is not null || Later is not null || Fault is not null;
}
