using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace DataBuild.Tasks.Engine;

/// <summary>
/// Ends what a dead engine left running. Its jobs lead sessions of their own, so no process tree leads to them; their environment
/// does. Only where there is a /proc: elsewhere the next engine does it.
/// </summary>
internal static class RunMarker
{
    /// <summary>A process may start another between being seen and being ended.</summary>
    private const int MostPasses = 10;

    private const int EndPatienceMs = 200;

    /// <summary>How many processes were ended.</summary>
    public static int EndAll(string marker)
    {
        if (marker.Length == 0 || !Directory.Exists("/proc/self"))
        {
            return 0;
        }

        var ended = new HashSet<int>();
        for (var pass = 0; pass < MostPasses; pass++)
        {
            var found = Find(marker);
            if (found.Count == 0)
            {
                break;
            }

            ended.UnionWith(found.Where(End));
        }

        return ended.Count;
    }

    private static List<int> Find(string marker)
    {
        var wanted = "\0" + EngineContract.MarkerVariable + "=" + marker + "\0";
        var found = new List<int>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) && Environment(folder).Contains(wanted))
            {
                found.Add(pid);
            }
        }

        return found;
    }

    private static string Environment(string folder)
    {
        try
        {
            return "\0" + Encoding.UTF8.GetString(File.ReadAllBytes(Path.Combine(folder, "environ"))) + "\0";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It has ended, or is another user's and so none of ours.
            return "";
        }
    }

    private static bool End(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            process.Kill();

            // Gone, or at least no longer running: one that nobody reaps keeps its number, but has no environment any more.
            process.WaitForExit(EndPatienceMs);
            return true;
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or Win32Exception)
        {
            // It has ended by itself.
            return false;
        }
    }
}
