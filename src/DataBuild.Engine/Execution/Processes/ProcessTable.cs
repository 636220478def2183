using System.Globalization;
using System.IO.Enumeration;
using System.Text;

namespace DataBuild.Engine.Execution.Processes;

/// <summary>Looks through all processes of the machine for those that belong to a run or an engine.</summary>
internal static class ProcessTable
{
    private static readonly byte[] RunIdName = "DATABUILD_JOB_RUN_ID="u8.ToArray();

    /// <summary>
    /// Everything alive that a run started: its session and process group, its leader's descendants, whoever bears its id in the
    /// environment whatever session or parent it has by now, and those <paramref name="known"/> from an earlier look with theirs.
    /// </summary>
    public static List<FoundProcess> OfRun(int leader, ulong leaderStart, string runId, IReadOnlyList<FoundProcess> known)
    {
        var entry = Encoding.UTF8.GetBytes("DATABUILD_JOB_RUN_ID=" + runId);
        var all = ReadAll();
        if (all.Exists(process => process.Pid == leader && process.Start != leaderStart))
        {
            // The number is another process's by now; only the environment still tells.
            leader = 0;
        }

        var roots = all.Where(process => process.Pid == leader || known.Any(one => one.Pid == process.Pid && one.Start == process.Start));
        var descendants = Descendants(all, roots.Select(process => process.Pid));
        var buffer = new byte[16 << 10];
        var found = new List<FoundProcess>();
        foreach (var process in all)
        {
            if (process.IsGone || process.Pid == Environment.ProcessId)
            {
                continue;
            }

            if ((leader > 0 && (process.Session == leader || process.Group == leader)) || descendants.Contains(process.Pid)
                || BearsEntry(process.Pid, entry, whole: true, ref buffer, out _))
            {
                found.Add(new FoundProcess(process.Pid, process.Start, process.Name, runId));
            }
        }

        return found;
    }

    /// <summary>
    /// Everything alive whose DATABUILD_ENGINE is the marker, or begins with it; but never this process nor one that it descends from,
    /// which bear a marker where an engine runs inside of another engine's job.
    /// </summary>
    public static List<FoundProcess> OfEngine(string marker, bool prefix)
    {
        var entry = Encoding.UTF8.GetBytes("DATABUILD_ENGINE=" + marker);
        var buffer = new byte[16 << 10];
        var found = new List<FoundProcess>();
        HashSet<int>? own = null;
        foreach (var pid in ReadPids())
        {
            if (!BearsEntry(pid, entry, !prefix, ref buffer, out var runId))
            {
                continue;
            }

            own ??= OwnLine();
            if (!own.Contains(pid) && ProcessStat.TryRead(pid, out var process) && !process.IsGone)
            {
                found.Add(new FoundProcess(pid, process.Start, process.Name, runId));
            }
        }

        return found;
    }

    /// <summary>It still is that process, not a later one with its number, and has not exited.</summary>
    public static bool IsAlive(FoundProcess process) =>
        ProcessStat.TryRead(process.Pid, out var now) && now.Start == process.Start && !now.IsGone;

    internal static bool HoldsEntry(ReadOnlySpan<byte> environment, ReadOnlySpan<byte> entry, bool whole, out ReadOnlySpan<byte> runId)
    {
        runId = default;
        var bears = false;
        while (!environment.IsEmpty)
        {
            var end = environment.IndexOf((byte)0);
            var variable = end < 0 ? environment : environment[..end];
            environment = end < 0 ? default : environment[(end + 1)..];
            if (variable.StartsWith(entry) && (!whole || variable.Length == entry.Length))
            {
                bears = true;
            }
            else if (variable.StartsWith(RunIdName))
            {
                runId = variable[RunIdName.Length..];
            }
        }

        return bears;
    }

    // Most processes are other people's: one vectorised search tells, and only a hit is taken apart.
    private static bool BearsEntry(int pid, byte[] entry, bool whole, ref byte[] buffer, out string runId)
    {
        runId = "";
        var length = ProcFile.ReadAll(pid, "/environ"u8, ref buffer);
        if (length <= 0)
        {
            return false;
        }

        var environment = buffer.AsSpan(0, length);
        if (environment.IndexOf(entry) < 0 || !HoldsEntry(environment, entry, whole, out var run))
        {
            return false;
        }

        runId = Encoding.UTF8.GetString(run);
        return true;
    }

    private static List<ProcessStat> ReadAll()
    {
        var all = new List<ProcessStat>(256);
        foreach (var pid in ReadPids())
        {
            if (ProcessStat.TryRead(pid, out var process))
            {
                all.Add(process);
            }
        }

        return all;
    }

    private static HashSet<int> Descendants(List<ProcessStat> all, IEnumerable<int> roots)
    {
        var found = roots.ToHashSet();
        if (found.Count == 0)
        {
            return found;
        }

        var children = all.ToLookup(process => process.Parent, process => process.Pid);
        var next = new Stack<int>(found);
        while (next.TryPop(out var parent))
        {
            foreach (var child in children[parent])
            {
                if (found.Add(child))
                {
                    next.Push(child);
                }
            }
        }

        return found;
    }

    private static HashSet<int> OwnLine()
    {
        var line = new HashSet<int>();
        for (var pid = Environment.ProcessId; pid > 0 && line.Add(pid);)
        {
            pid = ProcessStat.TryRead(pid, out var process) ? process.Parent : 0;
        }

        return line;
    }

    private static FileSystemEnumerable<int> ReadPids() =>
        new("/proc", static (ref FileSystemEntry entry) => int.Parse(entry.FileName, CultureInfo.InvariantCulture), new EnumerationOptions
        {
            AttributesToSkip = FileAttributes.None,
            IgnoreInaccessible = true,
        })
        {
            ShouldIncludePredicate = static (ref FileSystemEntry entry) => int.TryParse(entry.FileName, out _),
        };
}
