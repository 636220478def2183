namespace DataBuild.Engine.Execution.Slurm;

/// <summary>How far the executor is with a run.</summary>
internal enum RunPhase
{
    /// <summary>Prepared, and no job of Slurm's stands for it.</summary>
    Waiting,

    /// <summary>sbatch has its batch and has not answered yet.</summary>
    Submitting,

    /// <summary>Slurm has it, or may have it.</summary>
    Handed,

    /// <summary>It has ended by a signal; Slurm is asked whose.</summary>
    Judged,

    /// <summary>What it left is being read and reported; nothing more can happen to it.</summary>
    Ending,
}
