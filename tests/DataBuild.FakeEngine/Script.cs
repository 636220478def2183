using System.Diagnostics;
using System.Globalization;
using DataBuild.V1;
using Google.Protobuf;

namespace DataBuild.FakeEngine;

/// <summary>
/// Says what the file engine.script beside the project says, line by line: a message as protobuf JSON, or a directive. Without
/// that file everything is up to date. Leaves what it was asked in engine.request.json and a line a call in engine.calls.
/// </summary>
internal sealed class Script(EngineRequest request)
{
    private const string Marker = "fake-engine-marker-";

    private readonly string _folder = Path.GetDirectoryName(request.ProjectFile)!;
    private readonly Stream _out = Console.OpenStandardOutput();
    private readonly string _marker = Marker + Guid.NewGuid().ToString("N");

    public int Play()
    {
        File.WriteAllText(Path.Combine(_folder, "engine.request.json"), JsonFormatter.Default.Format(request));
        File.AppendAllText(Path.Combine(_folder, "engine.calls"), $"{request.Mode} {string.Join(",", request.Jobs)}".Trim() + "\n");

        var script = Path.Combine(_folder, "engine.script");
        var lines = File.Exists(script) ? File.ReadAllLines(script) : ["{\"result\":{\"outcome\":\"BUILD_OUTCOME_UP_TO_DATE\",\"summary\":\"nothing to do\"}}"];
        if (!lines.Contains("#no-hello"))
        {
            Send(new EngineMessage { Hello = new Hello { ProtocolVersion = 1, EngineVersion = "fake", Pid = Environment.ProcessId } });
            Send(new EngineMessage { Ready = new EngineReady { RunMarker = _marker } });
        }

        foreach (var line in lines.Where(line => line.Length > 0))
        {
            if (!line.StartsWith('#'))
            {
                Send(EngineMessage.Parser.ParseJson(line));
                continue;
            }

            var (directive, argument) = line.Split(' ', 2) is [var name, var rest] ? (name, rest) : (line, "");
            switch (directive)
            {
                case "#no-hello":
                    break;
                case "#stderr":
                    Console.Error.WriteLine(argument);
                    break;
                case "#stdout":
                    _out.Write(System.Text.Encoding.UTF8.GetBytes(argument));
                    _out.Flush();
                    break;
                case "#exit":
                    return int.Parse(argument, CultureInfo.InvariantCulture);
                case "#die":
                    Process.GetCurrentProcess().Kill();
                    break;
                case "#child":
                    StartChild();
                    break;
                case "#tell":
                    File.WriteAllText(Path.Combine(_folder, argument), Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
                    break;
                case "#await-end-of-input":
                    AwaitEndOfInput();
                    break;
                case "#hang":
                    AwaitEndOfInput();
                    new ManualResetEvent(false).WaitOne();
                    break;
                case "#many-runs":
                    SendRuns(int.Parse(argument, CultureInfo.InvariantCulture));
                    break;
                default:
                    throw new InvalidOperationException($"unknown directive '{line}'");
            }
        }

        return 0;
    }

    /// <summary>A job that outlives its engine: in a session of its own, holding the engine's pipes.</summary>
    private void StartChild()
    {
        var start = new ProcessStartInfo("setsid") { ArgumentList = { "sleep", "600" } };
        start.Environment["DATABUILD_ENGINE"] = _marker;
        using var child = Process.Start(start)!;
        File.WriteAllText(Path.Combine(_folder, "child.marker"), _marker);
    }

    private void SendRuns(int count)
    {
        for (var index = 0; index < count; index++)
        {
            var run = new RunReport { RunId = $"run-{index}", Job = "daily", State = "Succeeded", Attempt = 1, ExitCode = 0, Reason = "absent" };
            run.Refs.Add($"raw/{index}");
            Send(new EngineMessage { Run = run });
        }
    }

    private void Send(EngineMessage message)
    {
        message.WriteDelimitedTo(_out);
        _out.Flush();
        if (message.MessageCase == EngineMessage.MessageOneofCase.Result)
        {
            File.WriteAllText(request.ResultFile, JsonFormatter.Default.Format(message.Result));
        }
        else if (message.MessageCase == EngineMessage.MessageOneofCase.Plan)
        {
            File.WriteAllText(request.PlanFile, JsonFormatter.Default.Format(message.Plan));
        }
    }

    private static void AwaitEndOfInput()
    {
        using var input = Console.OpenStandardInput();
        while (input.ReadByte() >= 0)
        {
            // Nothing follows the request.
        }
    }
}
