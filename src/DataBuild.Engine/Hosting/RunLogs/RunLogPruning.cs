using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Files;
using DataBuild.Engine.State;
using DataBuild.V1;

namespace DataBuild.Engine.Hosting.RunLogs;

/// <summary>
/// Removes logs of runs that are older than they are kept, and the oldest where all of them are too large: a bit at each step, so that
/// whoever calls it is never held up. The log of a run under way stays, and that of the run that a ref is failed by. Not an event: that a
/// folder is gone can be told by looking. Kill it anywhere: a folder gets a name that is no run's before it is emptied, and the next round
/// begins with such names.
/// </summary>
internal sealed class RunLogPruning(string runs, RunLogLimits limits, BuildState state, Action<Diagnostic> warn, Disk? disk = null)
{
    private const string Removing = "removing-";

    private readonly Disk disk = disk ?? new Disk();
    private readonly List<RunLogFolder> found = [];
    private readonly Queue<string> toRemove = new();
    private IEnumerator<string>? names;
    private bool hasWarned;
    private long kept;

    /// <summary>What to go by from the next round on.</summary>
    public RunLogLimits Limits { get; set; } = limits;

    /// <summary>There is something to do at once.</summary>
    public bool IsUnderWay => names is not null || toRemove.Count > 0;

    /// <summary>How many logs the round has removed so far.</summary>
    public int Removed { get; private set; }

    /// <summary>Begins a round, unless one is under way.</summary>
    public void Begin()
    {
        if (IsUnderWay || Limits.IsUnlimited || !Directory.Exists(runs))
        {
            return;
        }

        Removed = 0;
        found.Clear();
        names = Directory.EnumerateDirectories(runs).GetEnumerator();
    }

    /// <summary>Goes on with at most so many folders; true if that ended the round.</summary>
    public bool Step(DateTimeOffset now, int most)
    {
        if (!IsUnderWay)
        {
            return false;
        }

        try
        {
            if (names is not null)
            {
                Look(names, now, most);
            }
            else
            {
                Remove(most);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What stands in the way of looking at one stands in the way of all: the next round tries again.
            Warn($"the logs of runs in '{runs}' cannot be looked at: {e.Message.TrimEnd('.')}; {Rules.RunLogsStay.Cure}");
            Stop();
            return true;
        }

        if (IsUnderWay)
        {
            return false;
        }

        Warn(new RunLogNote(now, kept, Limits.ToString()).Write(runs));
        return true;
    }

    private void Look(IEnumerator<string> folders, DateTimeOffset now, int most)
    {
        for (int i = 0; i < most; i++)
        {
            if (!folders.MoveNext())
            {
                Choose(now);
                return;
            }

            string name = Path.GetFileName(folders.Current);
            if (name.StartsWith(Removing, StringComparison.Ordinal))
            {
                toRemove.Enqueue(name);
            }
            else if (RunLogFolder.At(folders.Current, name) is { } folder)
            {
                found.Add(folder);
            }
        }
    }

    /// <summary>Once chosen, a log is nobody's: a run that has ended neither begins nor fails again.</summary>
    private void Choose(DateTimeOffset now)
    {
        names!.Dispose();
        names = null;
        var needed = Needed();
        found.Sort((one, other) => one.Written.CompareTo(other.Written));
        long bytes = found.Sum(folder => folder.Bytes);
        kept = found.Count;

        // A little more than need be, or the next build would have to do the same.
        long target = bytes > Limits.Bytes ? Limits.Bytes.Value / 10 * 9 : long.MaxValue;
        foreach (var folder in found)
        {
            bool isOld = Limits.Age is { } age && now.UtcDateTime - folder.Written > age;
            if ((isOld || bytes > target) && !needed.Contains(folder.Run))
            {
                toRemove.Enqueue(folder.Run.ToString("D"));
                bytes -= folder.Bytes;
                kept--;
            }
        }

        found.Clear();
        found.TrimExcess();
    }

    private HashSet<Guid> Needed()
    {
        var needed = state.ActiveRuns.Select(run => run.Id).ToHashSet();
        needed.UnionWith(state.Troubles.Values.Where(trouble => trouble.Failure is not null).Select(trouble => trouble.Run));
        return needed;
    }

    private void Remove(int most)
    {
        for (int i = 0; i < most && toRemove.TryDequeue(out string? name); i++)
        {
            string gone = name.StartsWith(Removing, StringComparison.Ordinal) ? name : Removing + name;
            var obstacle = gone == name ? Errno.None : disk.Rename(Path.Combine(runs, name), Path.Combine(runs, gone));
            if (obstacle == Errno.None && FolderRemover.Remove(disk, Path.Combine(runs, gone), out obstacle))
            {
                Removed++;
            }
            else if (obstacle != Errno.NoEntry)
            {
                Warn($"'{Path.Combine(runs, gone)}' of a run whose log is to be removed stays: {StorageError.Text(obstacle)}; {Rules.RunLogsStay.Cure}");
            }
        }
    }

    private void Stop()
    {
        names?.Dispose();
        names = null;
        toRemove.Clear();
        found.Clear();
    }

    private void Warn(string text) => Warn(Rules.RunLogsStay.At(text));

    /// <summary>Once: what holds for one folder holds for the next, and in an hour as well.</summary>
    private void Warn(Diagnostic? warning)
    {
        if (warning is not null && !hasWarned)
        {
            hasWarned = true;
            warn(warning);
        }
    }
}
