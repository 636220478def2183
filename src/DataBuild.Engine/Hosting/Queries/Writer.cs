using System.Diagnostics;
using DataBuild.Engine.Log;
using DataBuild.V1;
using Google.Protobuf.WellKnownTypes;

namespace DataBuild.Engine.Hosting.Queries;

/// <summary>
/// Who is writing a log now. Told by the lease file and by whether that process lives: trying for the lock itself would make a build
/// that starts in this moment wait for a question.
/// </summary>
internal static class Writer
{
    public static WriterStatus? Of(string logPath)
    {
        if (Lease.ReadHolder(logPath) is not { } holder || !Lives(holder))
        {
            return null;
        }

        return new WriterStatus
        {
            Pid = holder.Pid,
            Host = holder.Host,
            User = holder.User,
            Command = holder.Command,
            Since = Timestamp.FromDateTimeOffset(holder.Since),
        };
    }

    /// <summary>A process of another host cannot be seen from here and is taken to live; one that began later only has the same number.</summary>
    private static bool Lives(LeaseHolder holder)
    {
        if (holder.Host != Environment.MachineName)
        {
            return true;
        }

        try
        {
            using var process = Process.GetProcessById(holder.Pid);
            return !process.HasExited && process.StartTime.ToUniversalTime() <= holder.Since.UtcDateTime.AddSeconds(1);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            // It has ended.
            return false;
        }
    }
}
