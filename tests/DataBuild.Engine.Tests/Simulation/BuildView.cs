using DataBuild.V1;

namespace DataBuild.Engine.Tests.Simulation;

/// <summary>What became of a session, for tests to ask.</summary>
internal sealed class BuildView(Simulator simulator)
{
    public IReadOnlyList<JobRunQueueEventV1> Runs { get; } = [.. simulator.Runs];

    /// <summary>The refs of each run, as "a b", in order of start.</summary>
    public IReadOnlyList<string> Batches => [.. Runs.Select(run => string.Join(' ', run.Partitions.Select(partition => partition.Ref)))];

    /// <summary>Refs in order of their runs' starts; one that ran twice is there twice.</summary>
    public IReadOnlyList<string> Ran => [.. Runs.SelectMany(run => run.Partitions).Select(partition => partition.Ref)];

    public IReadOnlyList<WantRow> Wants { get; } = simulator.Reconciler.WantRows();

    public bool IsSuccessful => Wants.All(want => want.State == "Successful");

    public RunPartition Partition(string @ref) => Runs.SelectMany(run => run.Partitions).Single(partition => partition.Ref == @ref);

    public Verdict Of(string @ref) => simulator.Reconciler.VerdictOf(@ref);

    public RefState StateOf(string @ref) => Of(@ref).State;

    /// <summary>The failed leaf that a ref names.</summary>
    public string LeafOf(string @ref) => Of(@ref).Reason.Ref;

    public string TextOf(string @ref) => Engine.Reconciling.Reasons.ToText(Of(@ref).Reason);

    /// <summary>Ends of the runs, by kind of event.</summary>
    public IReadOnlyList<BuildEvent.EventOneofCase> Ends { get; } = [.. simulator.Events
        .Where(stored => stored.Offset > simulator.SessionStart)
        .Select(stored => stored.Event.EventCase)
        .Where(kind => kind is BuildEvent.EventOneofCase.JobRunSuccess
            or BuildEvent.EventOneofCase.JobRunFailure
            or BuildEvent.EventOneofCase.JobRunMissingDeps
            or BuildEvent.EventOneofCase.JobRunCancel)];
}
