namespace DataBuild.Jobs;

/// <summary>The exit codes of <see cref="JobHost"/>. Each ref's own outcome is in the messages and holds whatever the code.</summary>
public static class JobExitCode
{
    /// <summary>Every ref is complete below the output root.</summary>
    public const int Done = 0;

    /// <summary>At least one ref failed; its message says why.</summary>
    public const int Failed = 3;

    /// <summary>The program was not called as a job (the usual EX_USAGE): nothing was run, standard error says how to.</summary>
    public const int Usage = 64;

    /// <summary>No ref failed, but at least one lacks inputs or asked to be run again later (the usual EX_TEMPFAIL).</summary>
    public const int MissingInputs = 75;
}
