using DataBuild.V1;
using static DataBuild.Cli.Output.Say;

namespace DataBuild.Cli.Output;

/// <summary>Where a run is, and what is known of it, where it is not a process of the engine's own machine.</summary>
internal static class RunPlace
{
    /// <summary>"slurm job 17_3 on n1", else the executor's name; empty for a run of the engine's own machine.</summary>
    public static string Of(RunRow run) => Of(run.Executor, run.ExecutorRun.Length > 0 && run.Host.Length > 0 ? $"{run.ExecutorRun} on {run.Host}" : run.ExecutorRun);

    public static string Of(RunStatus run) => Of(run.Executor, run.ExecutorRun);

    /// <summary>"nothing is known of it since ...: ...", what was asked of it, or nothing.</summary>
    public static string Standing(RunRow run) => Standing(run.UnknownSince, run.UnknownCause, run.CancelAsked);

    public static string Standing(RunStatus run) => Standing(run.UnknownSince, run.UnknownCause, run.CancelAsked);

    /// <summary>What becomes of a run when no engine is at work.</summary>
    public static string WithoutEngine(string executor) => executor.Length > 0
        ? $"no engine is at work: it goes on on {executor}, and the next build or service adopts it"
        : "its engine is gone: the next build records it as lost";

    private static string Of(string executor, string called) => called.Length > 0 ? called : executor;

    private static string Standing(Google.Protobuf.WellKnownTypes.Timestamp? since, string cause, string cancelAsked)
    {
        string unknown = since is null ? "" : $"nothing is known of it since {Time(since)}: {cause}; it is lost if that lasts for DataBuildUnknownTimeout";
        string asked = cancelAsked.Length == 0 ? "" : $"it is to be ended: {cancelAsked}";
        return string.Join("; ", new[] { unknown, asked }.Where(text => text.Length > 0));
    }
}
