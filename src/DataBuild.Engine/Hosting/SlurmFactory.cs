using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Execution.Slurm;
using DataBuild.Engine.Ports;

namespace DataBuild.Engine.Hosting;

/// <summary>The one place where a Slurm executor is made.</summary>
internal static class SlurmFactory
{
    public static IOutlivingExecutor Make(IRunSink sink, SlurmOptions options) =>
        throw new DataBuildException(Rules.UnknownExecutor, $"the executor 'slurm' is not part of this build of DataBuild; say Executor=\"local\" (log {options.LogId})");
}
