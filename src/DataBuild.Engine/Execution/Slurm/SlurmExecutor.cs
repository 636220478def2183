using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using DataBuild.Engine.Execution.Processes;
using DataBuild.Engine.Ports;

namespace DataBuild.Engine.Execution.Slurm;

/// <summary>
/// Runs jobs on a Slurm cluster, one job of Slurm's a run, in arrays. One thread decides and owns all state; calls of Slurm's commands and
/// the reading of what runs leave are done beside it, and their results come back to it as actions.
/// </summary>
/// <remarks>
/// A run is done once whatever happens, because its payload claims it by making a folder: it may therefore be submitted again whenever
/// Slurm does not know it, by this engine or the next, and a copy that comes late ends without doing anything. Its exit file is the only proof
/// of its end.
/// </remarks>
public sealed partial class SlurmExecutor : IOutlivingExecutor
{
    private readonly IRunSink _sink;
    private readonly SlurmOptions _options;
    private readonly ExchangeFolder _exchange;
    private readonly SlurmTool _tool;
    private readonly string _jobName;
    private readonly BlockingCollection<Action> _actions = [];
    private readonly Dictionary<string, ClusterRun> _runs = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _abandon = new();
    private readonly SemaphoreSlim _readers = new(Math.Clamp(Environment.ProcessorCount, 2, 8));
    private readonly Thread _thread;
    private readonly Lock _startLock = new();
    private int _begunCalls;
    private TaskCompletionSource? _callsOver;
    private bool _started;
    private bool _ending;

    public SlurmExecutor(IRunSink sink, SlurmOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(options.LogId);
        ArgumentException.ThrowIfNullOrEmpty(options.ExchangeDirectory);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxJobs, 1);
        _sink = sink;
        _options = options;
        _exchange = new ExchangeFolder(options.ExchangeDirectory);
        _tool = new SlurmTool(options.ToolsDirectory, options.CallTimeout);
        _jobName = JobName(options.LogId);
        _slurm = new BackOff(TimeSpan.FromSeconds(1), options.MaxBackOff);
        _full = new BackOff(TimeSpan.FromSeconds(2), options.MaxBackOff);
        _thread = new Thread(Work, maxStackSize: 1 << 20) { IsBackground = true, Name = "slurm" };
    }

    /// <summary>The name that all jobs of a log have in Slurm.</summary>
    public static string JobName(string logId) => "db." + (logId.Length > 12 ? logId[..12] : logId);

    public void Start(RunRequest request) => Take(request);

    public void Adopt(RunRequest request) => Take(request);

    public void Cancel(string runId)
    {
        lock (_startLock)
        {
            if (!_started || _ending)
            {
                return;
            }
        }

        Act(() => AskEnd(runId));
    }

    /// <summary>Leaves all runs as they are. A submission under way is waited for as long as a call may take.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_startLock)
        {
            if (_ending)
            {
                return;
            }

            _ending = true;
            if (!_started)
            {
                _actions.CompleteAdding();
                return;
            }
        }

        var over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _actions.Add(() => Close(over));
        await over.Task.ConfigureAwait(false);
        _actions.CompleteAdding();
        await Task.Run(_thread.Join).ConfigureAwait(false);
        foreach (var run in _runs.Values)
        {
            run.Reader?.Dispose();
        }

        _abandon.Dispose();
        _readers.Dispose();
        _actions.Dispose();
    }

    private void Take(RunRequest request)
    {
        if (request.RunId.Length == 0 || request.RunId[0] == '.' || request.RunId.AsSpan().ContainsAny("/\0\n"))
        {
            throw new ArgumentException("a run id must be usable as a file name", nameof(request));
        }

        Act(() => Begin(request));
    }

    private void Act(Action action)
    {
        lock (_startLock)
        {
            ObjectDisposedException.ThrowIf(_ending, this);
            if (!_started)
            {
                _started = true;
                _thread.Start();
            }

            _actions.Add(action);
        }
    }

    private void Work()
    {
        while (true)
        {
            if (_actions.TryTake(out var action, Wait()))
            {
                action();
                for (var more = 0; more < 1000 && _actions.TryTake(out action); more++)
                {
                    action();
                }
            }
            else if (_actions.IsCompleted)
            {
                return;
            }

            if (!_closing)
            {
                Turn();
            }
        }
    }

    // What is due now.
    private void Turn()
    {
        SubmitNext();
        if (_endsDue.IsPast)
        {
            LookForEnds();
        }

        if (_queueDue.IsPast)
        {
            AskQueue();
        }

        if (_sweepDue.IsPast)
        {
            Sweep();
        }
    }

    // Until something is due. Nothing is while no run is here.
    private TimeSpan Wait()
    {
        var wait = TimeSpan.FromHours(1);
        if (_closing)
        {
            return wait;
        }

        Deadline[] dues = [_endsDue, _queueDue, _sweepDue, _gatherDue];
        foreach (var due in dues)
        {
            if (due.Left is { } left && left < wait)
            {
                wait = left;
            }
        }

        // Rounded up, or the last part of a millisecond would be spent turning.
        return wait + TimeSpan.FromMilliseconds(1);
    }

    /// <summary>Does something slow beside the executor's thread; what it gives comes back to it.</summary>
    private void Beside<T>(Func<Task<T>> call, Action<T> back)
    {
        _begunCalls++;
        _ = Task.Run(async () =>
        {
            ExceptionDispatchInfo? bug = null;
            T result = default!;
            try
            {
                result = await call().ConfigureAwait(false);
            }
            catch (Exception thrown)
            {
                // Not lost in a task that nobody looks at: thrown again where it ends the process.
                bug = ExceptionDispatchInfo.Capture(thrown);
            }

            _actions.Add(() =>
            {
                bug?.Throw();
                _begunCalls--;
                back(result);
                CompleteIfQuiet();
            });
        });
    }

    private void Close(TaskCompletionSource over)
    {
        _closing = true;
        _callsOver = over;
        _abandon.CancelAfter(_options.CallTimeout < ClosePatience ? _options.CallTimeout : ClosePatience);
        if (_leftovers.Count > 0 && !_slurm.IsOn)
        {
            AskQueue();
        }

        CompleteIfQuiet();
    }

    private void CompleteIfQuiet()
    {
        if (_begunCalls == 0)
        {
            _callsOver?.TrySetResult();
        }
    }
}
