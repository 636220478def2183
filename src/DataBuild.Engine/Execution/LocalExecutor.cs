using DataBuild.Engine.Execution.Native;
using DataBuild.Engine.Execution.Processes;
using DataBuild.Engine.Ports;

namespace DataBuild.Engine.Execution;

/// <summary>
/// Runs jobs as processes of this machine. Requests queue up; each slot is a thread that takes the next one, starts it, stays with it to
/// its end and tells the sink, so that a free slot waits for nobody. Threads are made as they are needed, at most one a slot.
/// </summary>
public sealed class LocalExecutor : IJobExecutor
{
    private readonly object _lock = new();
    private readonly Queue<LocalRun> _queue = new();
    private readonly Dictionary<string, LocalRun> _runs = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource _quiet = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly IRunSink _sink;
    private readonly LocalExecutorOptions _options;
    private readonly SlotShare _share;
    private readonly Stack<int> _freeNumbers = new();
    private int _numbers;
    private int _limit;
    private int _leaving;
    private int _idle;
    private int _slots;
    private int _reporting;
    private bool _started;
    private bool _ending;

    /// <summary>Fails with a coded error where jobs cannot be run at all.</summary>
    public LocalExecutor(IRunSink sink, LocalExecutorOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Slots, 1);
        ArgumentException.ThrowIfNullOrEmpty(options.RunMarker);
        ArgumentException.ThrowIfNullOrEmpty(options.ScratchDirectory);
        HostSupport.Demand();
        _sink = sink;
        _options = options;
        _limit = options.Slots;
        _share = new SlotShare(options, sink, new JobEnvironment(JobEnvironment.OfThisProcess(), options.RunMarker));
    }

    public void Start(RunRequest request)
    {
        if (request.RunId.Length == 0 || request.RunId.AsSpan().ContainsAny('/', '\0'))
        {
            throw new ArgumentException("a run id must be usable as a file name", nameof(request));
        }

        var run = new LocalRun(request);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_ending, this);
            _runs.Add(request.RunId, run);
            _queue.Enqueue(run);
            if (!_started)
            {
                _started = true;
                ScratchFolder.Prepare(_options.ScratchDirectory);
            }

            if (!AddSlot() && _idle > 0)
            {
                Monitor.Pulse(_lock);
            }
        }
    }

    /// <summary>Sets how many runs there may be at one time. Runs under way go on, however many they are.</summary>
    public void Resize(int slots)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(slots, 1);
        lock (_lock)
        {
            _limit = slots;
            for (int wanted = _queue.Count - _idle; wanted > 0 && !_ending; wanted--)
            {
                AddSlot();
            }

            // Those that are too many go.
            Monitor.PulseAll(_lock);
        }
    }

    /// <summary>Makes a slot, where one is needed and may be; under the lock.</summary>
    private bool AddSlot()
    {
        if (_queue.Count <= _idle || _slots - _leaving >= _limit)
        {
            return false;
        }

        _slots++;
        int number = _freeNumbers.TryPop(out int free) ? free : _numbers++;
        new Thread(() => Work(number), maxStackSize: 1 << 20) { IsBackground = true, Name = $"run slot {number}" }.Start();
        return true;
    }

    public void Cancel(string runId)
    {
        lock (_lock)
        {
            if (!_runs.TryGetValue(runId, out var run))
            {
                return;
            }

            if (run.CancelRequested)
            {
                run.KillRequested = true;
                run.Slot?.Wake();
                return;
            }

            Cancel(run);
        }
    }

    /// <summary>Ends everything that was started, running or queued; each is reported as canceled. Leaves no process behind.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            if (!_ending)
            {
                _ending = true;
                foreach (var run in _runs.Values.Where(run => !run.CancelRequested).ToArray())
                {
                    Cancel(run);
                }

                _queue.Clear();
                Monitor.PulseAll(_lock);
                CompleteIfQuiet();
            }
        }

        await _quiet.Task.ConfigureAwait(false);
        if (_started)
        {
            // What put itself out of sight of its run's end: a daemon with a session of its own that holds none of the run's pipes.
            ProcessSweep.End(() => ProcessTable.OfEngine(_options.RunMarker, prefix: false), _options.KillWait, []);
            _share.Dispose();
        }
    }

    private void Cancel(LocalRun run)
    {
        run.CancelRequested = true;
        if (run.Slot is not null)
        {
            run.Slot.Wake();
            return;
        }

        // It stays in the queue, where the slot that comes upon it passes it by. Reported from elsewhere, since the caller may hold
        // what its sink needs.
        _runs.Remove(run.Request.RunId);
        _reporting++;
        ThreadPool.UnsafeQueueUserWorkItem(ReportCanceled, run, preferLocal: false);
    }

    private void Work(int number)
    {
        bool leaves;
        using (var slot = new Slot(number, _share))
        {
            while (Take(slot, out leaves) is { } run)
            {
                var result = slot.Run(run);
                lock (_lock)
                {
                    run.Slot = null;
                    _runs.Remove(run.Request.RunId);
                }

                _sink.Ended(result);
            }
        }

        lock (_lock)
        {
            _slots--;
            _leaving -= leaves ? 1 : 0;
            _freeNumbers.Push(number);
            CompleteIfQuiet();
        }
    }

    /// <param name="slot">The one that takes it.</param>
    /// <param name="leaves">There are more slots than there may be now, and this one goes.</param>
    private LocalRun? Take(Slot slot, out bool leaves)
    {
        lock (_lock)
        {
            while (true)
            {
                leaves = _slots - _leaving > _limit;
                if (leaves)
                {
                    _leaving++;
                    return null;
                }

                while (_queue.TryDequeue(out var run))
                {
                    if (!run.CancelRequested)
                    {
                        run.Slot = slot;
                        return run;
                    }
                }

                if (_ending)
                {
                    return null;
                }

                _idle++;
                Monitor.Wait(_lock);
                _idle--;
            }
        }
    }

    private void ReportCanceled(LocalRun run)
    {
        _sink.Ended(new RunReturn { RunId = run.Request.RunId, Ending = RunEnding.Canceled, Started = DateTimeOffset.UtcNow });
        lock (_lock)
        {
            _reporting--;
            CompleteIfQuiet();
        }
    }

    private void CompleteIfQuiet()
    {
        if (_ending && _slots == 0 && _reporting == 0)
        {
            _quiet.TrySetResult();
        }
    }
}
