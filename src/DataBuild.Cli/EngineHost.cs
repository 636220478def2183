using System.Reflection;
using System.Runtime.InteropServices;
using DataBuild.Engine.Hosting;
using DataBuild.V1;
using Google.Protobuf;

namespace DataBuild.Cli;

/// <summary>
/// The engine as a child process: one request on stdin, messages on stdout. The end of stdin, and each of INT, TERM and HUP, is a
/// request to stop. Nothing else ever writes to stdout, and jobs never inherit it.
/// </summary>
internal static class EngineHost
{
    /// <summary>Version of the contract in proto/databuild/v1/engine.proto.</summary>
    public const uint ProtocolVersion = 1;

    public static async Task<int> RunAsync()
    {
        var output = new BufferedStream(Console.OpenStandardOutput(), 1 << 16);
        Console.SetOut(Console.Error);
        using var input = Console.OpenStandardInput();
        var gate = new Lock();
        void Send(EngineMessage message)
        {
            lock (gate)
            {
                message.WriteDelimitedTo(output);
                output.Flush();
            }
        }

        Send(new EngineMessage { Hello = new Hello { ProtocolVersion = ProtocolVersion, EngineVersion = Version, Pid = Environment.ProcessId } });
        if (ReadRequest(input) is not { } request || request.ProtocolVersion != ProtocolVersion)
        {
            // The caller has the hello and says what it means; an engine that guesses what it was asked for would be worse.
            return ExitCodes.ProtocolMismatch;
        }

        using var stop = new CancellationTokenSource();
        using var signals = new StopSignals(stop);
        new Thread(() => StopAtEnd(input, stop)) { IsBackground = true, Name = "stdin" }.Start();
        var result = await new BuildSession(request, Send, TimeProvider.System).RunAsync(stop.Token, signals.Hurry);
        return ExitCodes.Of(result.Outcome);
    }

    public static string Version { get; } =
        typeof(EngineHost).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";

    /// <summary>Null if what came is none: the caller died in the middle of it, or is no DataBuild.</summary>
    private static EngineRequest? ReadRequest(Stream input)
    {
        try
        {
            return EngineRequest.Parser.ParseDelimitedFrom(input);
        }
        catch (InvalidProtocolBufferException e)
        {
            Console.Error.WriteLine($"no request that can be read came on stdin: {e.Message} This verb is for builds to start; 'databuild build' is for people.");
            return null;
        }
    }

    private static void StopAtEnd(Stream input, CancellationTokenSource stop)
    {
        var buffer = new byte[16];
        while (input.Read(buffer) > 0)
        {
            // A caller has nothing more to say.
        }

        try
        {
            stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The build ended first.
        }
    }
}
