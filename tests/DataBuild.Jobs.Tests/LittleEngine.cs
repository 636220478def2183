using System.Diagnostics;
using System.Text.Json;
using DataBuild.V1;
using Google.Protobuf;

namespace DataBuild.Jobs.Tests;

/// <summary>
/// As much of an engine as it takes to run jobs for real: processes with the protocol's environment, needs, misses that become work,
/// batches. No log, no fingerprints: what it is told to make, it makes anew.
/// </summary>
internal sealed class LittleEngine(TempFolder folder)
{
    private readonly List<Rule> rules = [];
    private readonly Dictionary<string, string> sources = [];
    private readonly Dictionary<string, string> environment = new() { ["PATH"] = Environment.GetEnvironmentVariable("PATH")!, ["HOME"] = folder.FullPath };
    private int runs;

    public string DataRoot { get; init; } = folder["data"];

    public string WorkingDirectory { get; init; } = folder.FullPath;

    /// <summary>Job and number of refs of each run, in order.</summary>
    public List<(string Job, int Refs, int ExitCode)> Runs { get; } = [];

    public Dictionary<string, string> Failures { get; } = [];

    public Dictionary<string, IReadOnlyList<string>> Reads { get; } = [];

    public void Job(string label, string prefix, int batchSize, string[] command, Func<string, IEnumerable<string>>? needs = null) =>
        rules.Add(new Rule(label, prefix, batchSize, command, needs ?? (_ => [])));

    public void Source(string @ref, string path) => sources[@ref] = path;

    public void Variable(string name, string value) => environment[name] = value;

    /// <summary>Makes the refs and all that they turn out to need; what fails is in <see cref="Failures"/>, with what needs it left out.</summary>
    public void Build(params IEnumerable<string> refs)
    {
        var live = new HashSet<string>(sources.Keys);
        var needs = new Dictionary<string, HashSet<string>>();
        var open = new Queue<string>(refs);
        while (true)
        {
            while (open.TryDequeue(out string? @ref))
            {
                if (!sources.ContainsKey(@ref) && needs.TryAdd(@ref, [.. RuleOf(@ref).Needs(@ref)]))
                {
                    needs[@ref].ToList().ForEach(open.Enqueue);
                }
            }

            string[] ready = [.. needs.Keys.Where(@ref => !live.Contains(@ref) && !Failures.ContainsKey(@ref) && needs[@ref].All(live.Contains)).Order(StringComparer.Ordinal)];
            if (ready.Length == 0)
            {
                return;
            }

            Rule rule = RuleOf(ready[0]);
            string[] batch = [.. ready.Where(@ref => RuleOf(@ref) == rule).Take(rule.BatchSize)];
            foreach (JobMessage message in Run(rule, batch))
            {
                foreach (string @ref in message.For.Count > 0 ? [.. message.For] : batch)
                {
                    switch (message.MessageCase)
                    {
                        case JobMessage.MessageOneofCase.MissingDeps:
                            Assert.DoesNotContain(message.MissingDeps.Refs, live.Contains);
                            needs[@ref].UnionWith(message.MissingDeps.Refs);
                            message.MissingDeps.Refs.ToList().ForEach(open.Enqueue);
                            break;
                        case JobMessage.MessageOneofCase.PartitionFailed:
                            Failures[@ref] = message.PartitionFailed.Reason;
                            break;
                        case JobMessage.MessageOneofCase.ReadDeps:
                            Reads[@ref] = [.. message.ReadDeps.Refs];
                            break;
                    }
                }
            }

            foreach (string @ref in batch.Where(@ref => Path.Exists(Path.Combine(folder["out"], @ref))))
            {
                string target = Path.Combine(DataRoot, @ref);
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                File.Move(Path.Combine(folder["out"], @ref), target, overwrite: true);
                live.Add(@ref);
            }
        }
    }

    private Rule RuleOf(string @ref) => rules.Single(rule => @ref.StartsWith(rule.Prefix, StringComparison.Ordinal));

    private JobMessage[] Run(Rule rule, string[] refs)
    {
        // More runs than refs would be a job that asks for the same again and again.
        Assert.True(++runs < 100, $"{rule.Label} does not converge");
        if (Directory.Exists(folder["out"]))
        {
            Directory.Delete(folder["out"], recursive: true);
        }

        Directory.CreateDirectory(folder["out"]);
        Directory.CreateDirectory(DataRoot);
        string messages = folder.Write("messages", "");
        var start = new ProcessStartInfo(rule.Command[0], [.. rule.Command.Skip(1), .. refs]) { WorkingDirectory = WorkingDirectory, RedirectStandardError = true };
        start.Environment.Clear();
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        start.Environment["DATABUILD_JOB"] = rule.Label;
        start.Environment["DATABUILD_DATA_ROOT"] = DataRoot;
        start.Environment["DATABUILD_OUTPUT_ROOT"] = folder["out"];
        start.Environment["DATABUILD_PARTITIONS_FILE"] = folder.Write("partitions", string.Join('\n', refs) + "\n");
        start.Environment["DATABUILD_MESSAGES_FILE"] = messages;
        start.Environment["DATABUILD_SOURCES_FILE"] = folder.Write("sources", JsonSerializer.Serialize(sources));
        using Process process = Process.Start(start)!;
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Runs.Add((rule.Label, refs.Length, process.ExitCode));
        JobMessage[] said = [.. File.ReadLines(messages).Select(JsonParser.Default.Parse<JobMessage>)];
        Assert.True(process.ExitCode == 0 || said.Length > 0, $"{rule.Label} exited {process.ExitCode} without a word: {error}");
        return said;
    }

    private sealed record Rule(string Label, string Prefix, int BatchSize, string[] Command, Func<string, IEnumerable<string>> Needs);
}
