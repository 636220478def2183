using DataBuild.Engine.Execution.Native;

namespace DataBuild.Engine.Execution.Processes;

/// <summary>Ends what a search finds, until it finds nothing more: a process may start another between being found and ended.</summary>
internal static class ProcessSweep
{
    /// <summary>
    /// Kills and waits until all are gone, at most as long as given. <paramref name="ended"/> gets each one found, the result is what
    /// is still there: stuck in the kernel, or not ours to kill.
    /// </summary>
    public static List<FoundProcess> End(Func<List<FoundProcess>> find, TimeSpan bound, List<FoundProcess> ended)
    {
        var deadline = Deadline.After(bound);
        while (true)
        {
            var found = find();
            if (found.Count == 0 || deadline.IsPast)
            {
                return found;
            }

            ended.AddRange(found.Except(ended));
            Await(found, deadline, Libc.Kill);
        }
    }

    /// <summary>Gives the processes until the deadline to end by themselves. True if all are gone.</summary>
    public static bool AwaitExit(List<FoundProcess> processes, Deadline deadline) => Await(processes, deadline, signal: 0);

    private static bool Await(List<FoundProcess> processes, Deadline deadline, int signal)
    {
        var handles = new List<int>(processes.Count);
        foreach (var process in processes)
        {
            var handle = Libc.OpenProcess(process.Pid);
            if (handle < 0)
            {
                continue;
            }

            // Only now that the handle pins the process is it certain that the number has not gone to another one.
            if (ProcessStat.ReadStart(process.Pid) != process.Start)
            {
                _ = Libc.Close(handle);
                continue;
            }

            if (signal != 0)
            {
                _ = Libc.SignalProcess(handle, signal);
            }

            handles.Add(handle);
        }

        Span<Libc.PollFd> one = stackalloc Libc.PollFd[1];
        var left = 0;
        foreach (var handle in handles)
        {
            one[0] = new Libc.PollFd { Descriptor = handle, Events = Libc.PollIn };
            do
            {
                Libc.Poll(one, deadline.Left);
            }
            while (one[0].Returned == 0 && !deadline.IsPast);
            left += one[0].Returned == 0 ? 1 : 0;
            _ = Libc.Close(handle);
        }

        return left == 0;
    }
}
