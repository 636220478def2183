using System.Globalization;
using Microsoft.Build.Framework;

namespace DataBuild.Tasks.Mirror;

/// <summary>
/// Names the generated project of one call. Within a build MSBuild reads a file once, whatever is written to it later: two calls
/// must not have one file, and -isolate must know each beforehand (GraphIsolationExemptReference).
/// </summary>
internal static class MirrorFile
{
    private const string Extension = ".jobs.proj";

    public static string Of(IBuildEngine engine, string project, string mode, IReadOnlyList<string> jobs)
    {
        var name = project.Substring(0, project.Length - Extension.Length);
        var parts = mode == "run" && jobs.Count == 0 ? [name] : new[] { name, mode }.Concat(jobs);
        return Unused(engine, string.Join(".", parts));
    }

    /// <summary>A project that is built twice with different global properties makes the same call again.</summary>
    private static string Unused(IBuildEngine engine, string name)
    {
        if (engine is not IBuildEngine4 remembering)
        {
            return name + Extension;
        }

        var key = "DataBuild mirror " + name;
        if (remembering.GetRegisteredTaskObject(key, RegisteredTaskObjectLifetime.Build) is not Uses uses)
        {
            uses = new Uses();
            remembering.RegisterTaskObject(key, uses, RegisteredTaskObjectLifetime.Build, allowEarlyCollection: false);
        }

        var number = Interlocked.Increment(ref uses.Count);
        return number == 1 ? name + Extension : name + "." + number.ToString(CultureInfo.InvariantCulture) + Extension;
    }

    private sealed class Uses
    {
        public int Count;
    }
}
