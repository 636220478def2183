using DataBuild.Engine.Execution.Slurm;
using DataBuild.Engine.Ports;

namespace DataBuild.Engine.Hosting;

/// <summary>Where the executor for Slurm is made.</summary>
internal static class SlurmFactory
{
    public static IOutlivingExecutor Make(IRunSink sink, SlurmOptions options) => new SlurmExecutor(sink, options);
}
