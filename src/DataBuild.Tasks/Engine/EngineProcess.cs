using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using DataBuild.Engine.Diagnostics;
using DataBuild.V1;
using Google.Protobuf;

namespace DataBuild.Tasks.Engine;

/// <summary>
/// One engine, from its start to its end. Its stdin stays open as long as it is wanted: closing it is the request to stop, also
/// when this process dies. Nothing here waits without a limit for an engine that has exited or was told to stop.
/// </summary>
internal sealed class EngineProcess : IDisposable
{
    /// <summary>For what is still in the pipe when the engine has exited: a process that it left may hold the other end for ever.</summary>
    private static readonly TimeSpan PipePatience = TimeSpan.FromSeconds(2);

    private readonly Process _process;
    private readonly StderrTail _stderr;
    private readonly BlockingCollection<EngineMessage> _messages = new(boundedCapacity: 1024);
    private readonly CancellationTokenSource _over = new();
    private readonly object _stopping = new();
    private readonly Timer _patience;
    private Timer? _killer;
    private long _read;
    private long _readBefore = -1;
    private bool _stopAsked;
    private volatile bool _killed;
    private volatile NoMessageException? _garbage;

    private EngineProcess(Process process)
    {
        _process = process;
        _stderr = new StderrTail(process.StandardError);
        _patience = new Timer(_ => GiveUpIfSilent(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        process.Exited += (_, _) => AwaitRest();
        process.EnableRaisingEvents = true;
        new Thread(ReadMessages) { IsBackground = true, Name = "DataBuild engine messages" }.Start();
    }

    /// <summary>It did not stop when told to and was ended.</summary>
    public bool WasKilled => _killed;

    /// <summary>What came that is no message, if anything did.</summary>
    public string? Garbage => _garbage?.Message;

    public static EngineProcess Start(string enginePath, string host, string workingDirectory, EngineRequest request)
    {
        if (!File.Exists(enginePath))
        {
            throw new DataBuildException(Rules.EngineNotFound,
                $"the engine is not at '{enginePath}' (property DataBuildEnginePath); restore the package again, or in DataBuild's own repository build src/DataBuild.Cli");
        }

        var managed = enginePath.EndsWith(".dll", StringComparison.OrdinalIgnoreCase);
        var start = new ProcessStartInfo
        {
            FileName = managed ? host : enginePath,
            Arguments = managed ? $"exec \"{enginePath}\" {EngineContract.Argument}" : EngineContract.Argument,
            WorkingDirectory = workingDirectory,
            UseShellExecute = false,
            CreateNoWindow = true,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        EngineProcess engine;
        try
        {
            engine = new EngineProcess(Process.Start(start)!);
        }
        catch (Exception exception) when (exception is Win32Exception or InvalidOperationException)
        {
            throw new DataBuildException(Rules.EngineCannotStart,
                $"the engine cannot be started by '{start.FileName} {start.Arguments}': {exception.Message}; check DataBuildEngineHost and DataBuildEnginePath", null, exception);
        }

        engine.Send(request);
        return engine;
    }

    /// <summary>Its messages as they come, until it has said all it will ever say.</summary>
    public IEnumerable<EngineMessage> Messages()
    {
        while (Next() is { } message)
        {
            yield return message;
        }
    }

    /// <summary>Asks it to stop, and ends it when the limit is over. Harmless however often and from wherever it is called.</summary>
    public void Stop(TimeSpan limit)
    {
        lock (_stopping)
        {
            if (_stopAsked)
            {
                return;
            }

            _stopAsked = true;
            _killer = new Timer(_ => Kill(), null, limit, Timeout.InfiniteTimeSpan);
        }

        CloseInput();
    }

    /// <summary>Lets it go after its result: closes its input and waits for its exit. False if it had to be ended.</summary>
    public bool Finish(TimeSpan limit)
    {
        CloseInput();
        if (_process.WaitForExit((int)limit.TotalMilliseconds))
        {
            return true;
        }

        Kill();
        return false;
    }

    /// <summary>Ends it now, and returns when it has ended.</summary>
    public void Kill()
    {
        try
        {
            if (!_process.HasExited)
            {
                _killed = true;
                _process.Kill();
            }

            _process.WaitForExit((int)PipePatience.TotalMilliseconds);
        }
        catch (Exception exception) when (exception is InvalidOperationException or Win32Exception)
        {
            // It ended between being looked at and being killed.
        }
    }

    /// <summary>How it ended and its last words, in one line.</summary>
    public string Obituary()
    {
        var exit = _process.WaitForExit((int)PipePatience.TotalMilliseconds) ? $"exit code {_process.ExitCode}" : "still running";
        var words = _stderr.LastWords(PipePatience);
        return words.Length == 0 ? $"{exit}, no last words" : $"{exit}, last words: {words}";
    }

    public void Dispose()
    {
        lock (_stopping)
        {
            _killer?.Dispose();
        }

        _patience.Dispose();
        _over.Cancel();
        _process.Dispose();
    }

    private EngineMessage? Next()
    {
        try
        {
            return _messages.TryTake(out var message, Timeout.Infinite, _over.Token) ? message : null;
        }
        catch (OperationCanceledException)
        {
            // It has exited and something else holds its pipe: nothing more is the engine's.
            return null;
        }
    }

    private void Send(EngineRequest request)
    {
        try
        {
            request.WriteDelimitedTo(_process.StandardInput.BaseStream);
            _process.StandardInput.BaseStream.Flush();
        }
        catch (IOException)
        {
            // It is dead already; reading its output tells so, with its last words.
        }
    }

    private void CloseInput()
    {
        try
        {
            _process.StandardInput.Close();
        }
        catch (Exception exception) when (exception is IOException or InvalidOperationException)
        {
            // It is dead, which is what closing is to bring about.
        }
    }

    private void ReadMessages()
    {
        try
        {
            var reader = new MessageReader(_process.StandardOutput.BaseStream);
            while (reader.Read() is { } message)
            {
                Interlocked.Increment(ref _read);
                _messages.Add(message, _over.Token);
            }
        }
        catch (NoMessageException garbage)
        {
            _garbage = garbage;
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or OperationCanceledException or InvalidOperationException)
        {
            // The engine is over and its pipe was closed under us; whether it gave a result is seen from its messages.
        }

        _messages.CompleteAdding();
    }

    private void AwaitRest()
    {
        try
        {
            _patience.Change(PipePatience, Timeout.InfiniteTimeSpan);
        }
        catch (ObjectDisposedException)
        {
            // Nobody reads any more.
        }
    }

    /// <summary>The engine has exited. As long as something of it still comes out of the pipe or waits to be logged, there is no hurry.</summary>
    private void GiveUpIfSilent()
    {
        var read = Interlocked.Read(ref _read);
        if (read != _readBefore || _messages.Count > 0)
        {
            _readBefore = read;
            AwaitRest();
            return;
        }

        try
        {
            _over.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // Nobody reads any more.
        }
    }
}
