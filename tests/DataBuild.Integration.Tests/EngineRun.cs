using System.Diagnostics;
using System.Runtime.InteropServices;
using DataBuild.V1;
using Google.Protobuf;

namespace DataBuild.Integration.Tests;

/// <summary>The real engine as a process of its own, as the MSBuild task starts it.</summary>
internal sealed class EngineRun : IDisposable
{
    private static readonly TimeSpan longest = TimeSpan.FromMinutes(3);

    private readonly Process process;
    private readonly List<EngineMessage> messages = [];
    private readonly Thread reader;
    private readonly Task<string> errors;
    private readonly Action<EngineMessage>? heard;

    private EngineRun(Process process, Action<EngineMessage>? heard)
    {
        this.process = process;
        this.heard = heard;
        errors = process.StandardError.ReadToEndAsync();
        reader = new Thread(Read) { IsBackground = true };
        reader.Start();
    }

    public int Pid => process.Id;

    /// <summary>Most memory that it held up to its last message, in bytes.</summary>
    public long PeakMemory { get; private set; }

    public IReadOnlyList<EngineMessage> Messages
    {
        get
        {
            lock (messages)
            {
                return [.. messages];
            }
        }
    }

    /// <summary>The result, if it has come.</summary>
    public BuildResult? Result => Messages is [.., var last] ? last.Result : null;

    public IEnumerable<string> Lines => Messages.Where(message => message.Line is not null).Select(message => message.Line.Text);

    public IEnumerable<Diagnostic> Diagnostics => Messages.Where(message => message.Diagnostic is not null).Select(message => message.Diagnostic);

    /// <param name="request">What it is to do.</param>
    /// <param name="heard">Told each message as soon as it is read, on the thread that reads.</param>
    public static EngineRun Start(EngineRequest request, Action<EngineMessage>? heard = null)
    {
        var start = new ProcessStartInfo("dotnet", [Repository.Cli, "engine"])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        var run = new EngineRun(Process.Start(start)!, heard);
        try
        {
            request.WriteDelimitedTo(run.process.StandardInput.BaseStream);
            run.process.StandardInput.BaseStream.Flush();
        }
        catch (IOException) when (run.process.HasExited)
        {
            // Killed before it could read: what a test of kills asks for.
        }

        return run;
    }

    public BuildResult WaitForResult()
    {
        Assert.True(reader.Join(longest), "the engine hangs");
        Assert.True(process.WaitForExit(longest), "the engine has said its last word and does not exit");
        return Result ?? throw new InvalidOperationException($"the engine ended without a result: {errors.Result}");
    }

    /// <summary>Waits until a message comes that the test waits for.</summary>
    public void WaitFor(Func<EngineMessage, bool> isIt)
    {
        var watch = Stopwatch.StartNew();
        lock (messages)
        {
            while (!messages.Any(isIt))
            {
                Assert.True(Monitor.Wait(messages, longest) && watch.Elapsed < longest, "the message did not come");
            }
        }
    }

    /// <summary>Kills the engine alone, as the machine's out-of-memory killer would.</summary>
    public void Kill()
    {
        Signal(9);
        process.WaitForExit();
        reader.Join();
    }

    /// <summary>Stops it where it is, all its threads. False if it has ended.</summary>
    public bool Freeze()
    {
        Signal(19);
        var watch = Stopwatch.StartNew();
        while (Processes.StateOf(Pid) is var state && state != 'T')
        {
            if (state is 'Z' or '-')
            {
                return false;
            }

            Assert.True(watch.Elapsed < longest, "the engine does not stop");
            Thread.Yield();
        }

        return true;
    }

    /// <summary>Lets it go on after <see cref="Freeze"/>.</summary>
    public void Thaw() => Signal(18);

    public void Signal(int signal) => _ = SendSignal(process.Id, signal);

    public void CloseInput() => process.StandardInput.Close();

    public void Dispose()
    {
        if (!process.HasExited)
        {
            Kill();
        }

        process.Dispose();
    }

    private void Read()
    {
        try
        {
            while (EngineMessage.Parser.ParseDelimitedFrom(process.StandardOutput.BaseStream) is { } message)
            {
                PeakMemory = Math.Max(PeakMemory, Peak());

                lock (messages)
                {
                    messages.Add(message);
                    Monitor.PulseAll(messages);
                }

                heard?.Invoke(message);

                if (message.Result is not null)
                {
                    return;
                }
            }
        }
        catch (InvalidProtocolBufferException)
        {
            // Cut off in the midst of a message: it was killed.
        }
    }

    private long Peak()
    {
        try
        {
            // A process that has exited has no such line any more.
            string? line = File.ReadLines($"/proc/{process.Id}/status").FirstOrDefault(text => text.StartsWith("VmHWM", StringComparison.Ordinal));
            return line is null ? 0 : long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], System.Globalization.CultureInfo.InvariantCulture) * 1024;
        }
        catch (IOException)
        {
            return 0;
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int SendSignal(int pid, int signal);
}
