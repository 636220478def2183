using System.ComponentModel;
using System.Diagnostics;

namespace DataBuild.Engine.Log;

/// <summary>Looks at the process that a lease file names.</summary>
internal static class HolderProcess
{
    /// <summary>True if it is the one that took the lease then, not a later one with its number, and is stopped.</summary>
    public static bool IsStopped(int pid, DateTimeOffset since)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            return process.StartTime.ToUniversalTime() <= since.UtcDateTime
                && File.ReadLines($"/proc/{pid}/status").Any(static line => line.StartsWith("State:\tT", StringComparison.Ordinal));
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException or Win32Exception or IOException or UnauthorizedAccessException)
        {
            // It has ended meanwhile, or may not be looked at: nothing is known of it.
            return false;
        }
    }
}
