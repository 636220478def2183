using DataBuild.Engine.Diagnostics;

namespace DataBuild.Engine.Hosting;

/// <summary>
/// The name of the environment that a log is of, in a file beside it. A log without one is that of the environment without a name.
/// Two environments with one log would each rebuild, and take for their own, what the other made.
/// </summary>
internal static class EnvironmentMark
{
    /// <summary>Refuses a log that is of another environment.</summary>
    public static void Check(string log, string environment)
    {
        string mark = MarkOf(log);
        string? owner = File.Exists(mark) ? File.ReadAllText(mark).Trim() : File.Exists(log) ? "" : null;
        if (owner is not null && owner != environment)
        {
            throw new DataBuildException(
                Rules.LogOfAnotherEnvironment,
                $"the log '{log}' is of {Named(owner)} and this is a build of {Named(environment)}; give each its own DataBuildStateDirectory and DataBuildLog, in its own properties file or with $(DataBuildEnvironment) in the path");
        }
    }

    /// <summary>Makes a new log this environment's. The caller holds the log's lease.</summary>
    public static void Claim(string log, string environment)
    {
        Check(log, environment);
        string mark = MarkOf(log);
        if (environment.Length > 0 && !File.Exists(mark))
        {
            File.WriteAllText(mark, environment + "\n");
        }
    }

    private static string MarkOf(string log) => log + ".environment";

    private static string Named(string environment) => environment.Length > 0 ? $"environment '{environment}'" : "the environment without a name";
}
