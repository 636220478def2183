using DataBuild.Engine.Log;
using DataBuild.V1;
using Google.Protobuf.WellKnownTypes;

namespace DataBuild.Engine.Hosting.Queries;

/// <summary>Backup of a log and the way back.</summary>
public static class LogCopies
{
    public static LogCopy Backup(LogPlace place, string file, bool replace)
    {
        var report = LogBackup.Write(place.Log, file, replace);
        return Of(place, place.Log, file, file, report);
    }

    /// <param name="place">Where the log is to be.</param>
    /// <param name="backup">The backup.</param>
    /// <param name="dataRoot">Where partitions are, to say which of their files the restored log does not know; null if that is not known.</param>
    public static LogCopy Restore(LogPlace place, string backup, string? dataRoot)
    {
        var report = LogRestore.Restore(backup, place.Log, LogCheckQuery.RequireLegal);
        var copy = Of(place, backup, place.Log, place.Log, report);
        copy.MovedTo = report.MovedTo.Length == 0 ? "" : place.Show(report.MovedTo);
        if (dataRoot is not null && Directory.Exists(dataRoot))
        {
            using var view = LogView.Open(place);
            var (count, first) = UnknownFiles.In(dataRoot, view.Load());
            copy.LookedAtData = true;
            copy.Unknown = count;
            copy.UnknownRefs.AddRange(first);
        }

        return copy;
    }

    private static LogCopy Of(LogPlace place, string from, string to, string log, LogCopyReport report)
    {
        using var copy = SqliteBuildEventLog.OpenReader(log);
        return new LogCopy
        {
            From = place.Show(Path.GetFullPath(from)),
            To = place.Show(Path.GetFullPath(to)),
            LogId = report.LogId,
            Events = report.Events,
            Bytes = report.Bytes,
            LastEvent = report.Events == 0 ? null : copy.Read(report.Events, limit: 1).Single().Event.Timestamp ?? new Timestamp(),
        };
    }
}
