using DataBuild.Engine.Execution.Slurm;

namespace DataBuild.Slurm.Tests;

/// <summary>An executor's options, with shorter waits than for a network file system.</summary>
internal static class Settings
{
    public static SlurmOptions Of(string log, string folder) => new()
    {
        LogId = log,
        Term = 1,
        ExchangeDirectory = Path.Combine(folder, "data", ".databuild", "cluster"),
        DataRoot = Path.Combine(folder, "data"),
        StateDirectory = folder,
        Interval = TimeSpan.FromMilliseconds(300),
        EndInterval = TimeSpan.FromMilliseconds(50),
        Settle = TimeSpan.FromSeconds(2),
        SharePatience = 1,
        Grace = TimeSpan.FromSeconds(1),
    };
}
