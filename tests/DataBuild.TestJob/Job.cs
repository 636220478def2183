using System.Diagnostics;
using System.Globalization;
using System.IO.Enumeration;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace DataBuild.TestJob;

/// <summary>Does the steps of a script, in order.</summary>
internal sealed class Job(IReadOnlyList<string> refs)
{
    private const int MissedDeps = 75;
    private static readonly byte[] NotUtf8 = [0xff, 0xfe, (byte)'!', 0xc3, (byte)'\n'];

    private readonly HashSet<string> _withoutOutput = [];
    private readonly Dictionary<string, List<string>> _inputs = [];
    private readonly List<PosixSignalRegistration> _signals = [];
    private bool _missed;

    public int Run(IReadOnlyList<string> steps)
    {
        for (var index = 0; index < steps.Count; index++)
        {
            if (Do(steps[index]) is { } exitCode)
            {
                return exitCode;
            }

            var lastNeed = steps[index].StartsWith("need ", StringComparison.Ordinal)
                && (index + 1 == steps.Count || !steps[index + 1].StartsWith("need ", StringComparison.Ordinal));
            if (_missed && lastNeed)
            {
                return MissedDeps;
            }
        }

        GC.KeepAlive(_signals);
        return 0;
    }

    private static string Variable(string name) =>
        Environment.GetEnvironmentVariable(name) ?? throw new InvalidOperationException($"{name} is not set");

    private int? Do(string step)
    {
        var (verb, rest) = Split(step);
        var (first, second) = Split(rest);
        switch (verb)
        {
            case "exit":
                return int.Parse(rest, CultureInfo.InvariantCulture);
            case "write":
                Write(rest.Length > 0 ? Size(rest) : 0, withInputs: false);
                return null;
            case "write-inputs":
                Write(0, withInputs: true);
                return null;
            case "extra":
                WriteFile(Path.Combine(Variable("DATABUILD_OUTPUT_ROOT"), first), second);
                return null;
            case "need":
                Need(rest);
                return null;
            case "fail":
                Report(Matching(first), "partition_failed", new { reason = second });
                return null;
            case "miss":
                Report(Matching(first), "missing_deps", new { refs = new[] { second } });
                return null;
            case "once":
                return MakeNew(first) ? Do(second) : null;
            case "if-ref":
                return Matching(first).Length > 0 ? Do(second) : null;
            case "message":
                Append(Variable("DATABUILD_MESSAGES_FILE"), rest + "\n");
                return null;
            case "raw-message":
                Append(Variable("DATABUILD_MESSAGES_FILE"), rest);
                return null;
            case "record":
                Append(rest, $"{Variable("DATABUILD_JOB_RUN_ID")} {Environment.ProcessId} {Variable("DATABUILD_ATTEMPT")} {string.Join(' ', refs)}\n");
                return null;
            case "print":
                Console.Out.WriteLine(rest);
                return null;
            case "print-error":
                Console.Error.WriteLine(rest);
                return null;
            case "flood":
                Flood(Size(rest), lineEnds: true);
                return null;
            case "flood-one-line":
                Flood(Size(rest), lineEnds: false);
                return null;
            case "invalid-utf8":
                using (var output = Console.OpenStandardOutput())
                using (var error = Console.OpenStandardError())
                {
                    output.Write(NotUtf8);
                    error.Write(NotUtf8);
                }

                Append(Variable("DATABUILD_MESSAGES_FILE"), NotUtf8);
                return null;
            case "dump":
                Dump(rest);
                return null;
            case "touch":
                WriteFile(rest, "");
                return null;
            case "wait-for":
                while (!File.Exists(rest))
                {
                    Thread.Sleep(5);
                }

                return null;
            case "sleep":
                Thread.Sleep(Time(rest));
                return null;
            case "ignore-term":
                _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => context.Cancel = true));
                return null;
            case "on-term":
                _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ =>
                {
                    Console.Out.WriteLine(rest);
                    Environment.Exit(0);
                }));
                return null;
            case "grandchild":
                Process.Start("sleep", Seconds(rest)).Dispose();
                return null;
            case "orphan":
                Process.Start("setsid", ["-f", "sleep", .. Seconds(rest)]).WaitForExit();
                return null;
            case "daemon":
                Process.Start("setsid", ["-f", "sh", "-c", $"exec sleep {Seconds(rest)[0]} >/dev/null 2>&1"]).WaitForExit();
                return null;
            case "abort":
                Process.GetCurrentProcess().Kill();
                return null;
            default:
                Console.Error.WriteLine($"TestJob: no such step: {step}");
                return 64;
        }
    }

    private static (string First, string Second) Split(string text)
    {
        var end = text.IndexOf(' ', StringComparison.Ordinal);
        return end < 0 ? (text, "") : (text[..end], text[(end + 1)..].Trim());
    }

    private static long Size(string text)
    {
        var unit = char.ToLowerInvariant(text[^1]) switch { 'k' => 10, 'm' => 20, 'g' => 30, _ => 0 };
        return long.Parse(unit > 0 ? text[..^1] : text, CultureInfo.InvariantCulture) << unit;
    }

    private static TimeSpan Time(string text) => text.EndsWith("ms", StringComparison.Ordinal)
        ? TimeSpan.FromMilliseconds(double.Parse(text[..^2], CultureInfo.InvariantCulture))
        : TimeSpan.FromSeconds(double.Parse(text.TrimEnd('s'), CultureInfo.InvariantCulture));

    private static string[] Seconds(string text) => [Time(text).TotalSeconds.ToString(CultureInfo.InvariantCulture)];

    private static bool MakeNew(string path)
    {
        if (File.Exists(path))
        {
            return false;
        }

        WriteFile(path, "");
        return true;
    }

    private static void WriteFile(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        File.WriteAllText(path, text);
    }

    private static void Append(string path, string text) => Append(path, Encoding.UTF8.GetBytes(text));

    // One write with O_APPEND, so that lines of jobs that run at the same time never mix.
    private static void Append(string path, byte[] bytes)
    {
        using var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        file.Write(bytes);
    }

    private static void Flood(long size, bool lineEnds)
    {
        var block = new byte[80 * 1024];
        Array.Fill(block, (byte)'x');
        for (var end = 79; lineEnds && end < block.Length; end += 80)
        {
            block[end] = (byte)'\n';
        }

        using var output = Console.OpenStandardOutput();
        for (; size > 0; size -= block.Length)
        {
            output.Write(block, 0, (int)Math.Min(size, block.Length));
        }
    }

    private void Write(long size, bool withInputs)
    {
        foreach (var name in refs.Where(name => !_withoutOutput.Contains(name)))
        {
            var text = name + "\n" + (withInputs ? string.Concat(_inputs.GetValueOrDefault(name, [])) : "");
            WriteFile(Path.Combine(Variable("DATABUILD_OUTPUT_ROOT"), name), text.PadRight((int)Math.Max(size, text.Length), '.'));
        }
    }

    private void Need(string template)
    {
        foreach (var name in refs)
        {
            var input = template.Replace("{ref}", name, StringComparison.Ordinal);
            var segments = name.Split('/');
            for (var index = 0; index < segments.Length; index++)
            {
                input = input.Replace("{" + index.ToString(CultureInfo.InvariantCulture) + "}", segments[index], StringComparison.Ordinal);
            }

            var path = Path.Combine(Variable("DATABUILD_DATA_ROOT"), input);
            if (File.Exists(path))
            {
                if (!_inputs.TryGetValue(name, out var texts))
                {
                    _inputs.Add(name, texts = []);
                }

                texts.Add(File.ReadAllText(path));
                Say([name], "read_deps", new { refs = new[] { input } });
            }
            else
            {
                _missed = true;
                Say([name], "missing_deps", new { refs = new[] { input } });
            }
        }
    }

    private string[] Matching(string glob) => [.. refs.Where(name => FileSystemName.MatchesSimpleExpression(glob, name, ignoreCase: false))];

    private void Report(string[] of, string kind, object message)
    {
        if (of.Length > 0)
        {
            _withoutOutput.UnionWith(of);
            Say(of, kind, message);
        }
    }

    private static void Say(string[] of, string kind, object message) =>
        Append(Variable("DATABUILD_MESSAGES_FILE"), JsonSerializer.Serialize(new Dictionary<string, object> { ["for"] = of, [kind] = message }) + "\n");

    private void Dump(string path)
    {
        var lines = new List<string> { "cwd " + Environment.CurrentDirectory };
        lines.AddRange(refs.Select(name => "ref " + name));
        foreach (System.Collections.DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            lines.Add($"env {variable.Key}={variable.Value}");
        }

        // Complete or absent, so that a test may wait for it.
        File.WriteAllLines(path + ".part", lines);
        File.Move(path + ".part", path, overwrite: true);
    }
}
