using DataBuild.Engine.State;
using DataBuild.V1;

namespace DataBuild.Engine.Hosting.Queries;

/// <summary>Wants and runs of a fold as they are, without what only the decider can say of them.</summary>
public static class FoldRows
{
    /// <summary>Active wants, children included, in order of creation.</summary>
    public static IEnumerable<WantStatus> Wants(BuildState state) => state.Wants.Where(want => want.IsActive).Select(RunText.Of);

    /// <summary>Runs under way, in the order in which they were queued.</summary>
    public static IEnumerable<RunStatus> Runs(BuildState state) => state.ActiveRuns.OrderBy(run => run.QueuedAt).Select(run => RunText.Of(state, run, engineLives: true));
}
