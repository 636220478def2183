using System.Globalization;
using DataBuild.Engine.Log;
using DataBuild.Engine.Ports;

namespace DataBuild.Integration.Tests.Kills;

/// <summary>Tells what a frozen engine is at. It looks at a copy of the log, so that nothing but the engines ever opens the log itself.</summary>
internal static class PhaseReader
{
    /// <param name="project">What is being built.</param>
    /// <param name="engine">Which of its engines.</param>
    /// <param name="since">An offset that was in the log before the engine was started.</param>
    public static KillPhase Look(TestProject project, EngineRun engine, ulong since)
    {
        if (engine.Result is not null)
        {
            return KillPhase.Ending;
        }

        if (File.Exists(project.Log + ".snapshot.new"))
        {
            return KillPhase.Snapshot;
        }

        if (!HasLease(project, engine))
        {
            return engine.Lines.Any(line => line.Contains("waiting for", StringComparison.Ordinal)) ? KillPhase.Waiting : KillPhase.Starting;
        }

        if (engine.Messages.FirstOrDefault(message => message.Ready is not null)?.Ready.RunMarker is not { } marker)
        {
            return KillPhase.Recovering;
        }

        return ByLog(project, ulong.Parse(marker.Split(':')[1], CultureInfo.InvariantCulture), since);
    }

    private static bool HasLease(TestProject project, EngineRun engine)
    {
        try
        {
            return File.ReadAllText(project.Log + ".lease").StartsWith($"{engine.Pid}\n", StringComparison.Ordinal);
        }
        catch (Exception none) when (none is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
    }

    private static KillPhase ByLog(TestProject project, ulong term, ulong since)
    {
        var begun = new HashSet<string>(StringComparer.Ordinal);
        var ended = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (_, e) in Events(project, since))
        {
            if (e.JobRunQueue is { } queue && queue.Term == term)
            {
                begun.Add(queue.RunId);
            }
            else if ((e.JobRunSuccess?.End ?? e.JobRunMissingDeps?.End ?? e.JobRunFailure?.End) is { } end)
            {
                ended.Add(end.RunId);
            }
        }

        var publishing = Publishing(project, term);
        var committed = publishing.Where(run => ended.Contains(Path.GetFileName(run))).ToList();
        return committed.Exists(run => Directory.Exists(Path.Combine(run, ".databuild"))) ? KillPhase.Exchanging
            : committed.Count > 0 ? KillPhase.Publishing
            : publishing.Count > 0 ? KillPhase.Prepared
            : begun.Count == 0 ? KillPhase.Deciding
            : begun.IsSubsetOf(ended) ? KillPhase.Ending
            : KillPhase.Running;
    }

    private static List<string> Publishing(TestProject project, ulong term)
    {
        try
        {
            return [.. Directory.EnumerateDirectories(Path.Combine(project.DataRoot, ".databuild", $"publish-{term}"))];
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
    }

    private static List<StoredEvent> Events(TestProject project, ulong since)
    {
        string folder = Directory.CreateDirectory(Path.Combine(project.Folder, "..", "look")).FullName;
        try
        {
            string copy = Path.Combine(folder, "log.db");
            File.Copy(project.Log, copy);
            if (File.Exists(project.Log + "-wal"))
            {
                File.Copy(project.Log + "-wal", copy + "-wal");
            }

            using var log = SqliteBuildEventLog.OpenReader(copy);
            return [.. log.Read(since + 1)];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
