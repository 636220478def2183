namespace DataBuild.Engine.Graph;

/// <summary>What can run jobs, by the names that projects give and the log keeps.</summary>
public static class ExecutorNames
{
    /// <summary>Processes of the engine's own machine: they end with the engine. In the log its name is left out.</summary>
    public const string Local = "local";

    /// <summary>Jobs of a Slurm cluster.</summary>
    public const string Slurm = "slurm";

    /// <summary>Runs of that executor go on when their engine ends, and the next one adopts them.</summary>
    public static bool Outlives(string name) => name is not ("" or Local);

    public static bool IsKnown(string name) => name is Local or Slurm;
}
