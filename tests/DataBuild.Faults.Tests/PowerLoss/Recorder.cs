using System.Diagnostics;
using DataBuild.Engine.Log;
using DataBuild.Engine.Ports;
using DataBuild.V1;
using Google.Protobuf;

namespace DataBuild.Faults.Tests.PowerLoss;

/// <summary>
/// Runs real engines with their jobs under strace and keeps what they asked of the file system: a first build; a rebuild that
/// replaces everything; one that is killed in the midst of it; and one that recovers from that, and writes a snapshot.
/// </summary>
internal sealed class Recorder(string home, string[] engine)
{
    private static readonly TimeSpan longest = TimeSpan.FromMinutes(3);

    private const int MostUncertain = 6;

    private readonly List<Phase> phases = [];
    private List<FileOp> ops = [];
    private ulong versionBegan;

    public string Folder { get; } = Directory.CreateDirectory(Path.Combine(home, "project")).FullName;

    public string Killer { get; } = Path.Combine(home, "kill-the-engine");

    public Recording Recording { get; private set; } = new([]);

    public IReadOnlyList<Phase> Phases => phases;

    /// <summary>The log as it was in the end.</summary>
    public IReadOnlyList<StoredEvent> Events { get; private set; } = [];

    /// <summary>Strace is there and may trace.</summary>
    public static bool IsPossible { get; } = Possible();

    public PowerProject Project(int version) => new(Folder, version, Killer);

    public void Record()
    {
        Edit(1);
        Run(1);
        Edit(2);
        Run(2);
        Edit(3);
        Lengthen();
        File.WriteAllText(Killer, "");
        Run(3);
        Run(3);
        using var log = SqliteBuildEventLog.OpenReader(Project(3).Log);
        Events = [.. log.Read(1)];
    }

    private void Edit(int version)
    {
        Project(version).Write();
        if (File.Exists(Project(version).Log))
        {
            using var log = SqliteBuildEventLog.OpenReader(Project(version).Log);
            versionBegan = log.LastOffset;
        }
    }

    /// <summary>So many events that the last engine writes a snapshot.</summary>
    private void Lengthen()
    {
        using (var log = SqliteBuildEventLog.OpenWriter(new() { Path = Project(3).Log }))
        {
            var events = new List<BuildEvent>();
            for (int i = 0; i < 2_500; i++)
            {
                var want = new Want { WantId = $"want-{i}", RootWantId = $"want-{i}", Partitions = new PartitionSet(), Source = "command line" };
                want.Partitions.Expressions.Add("fold/0");
                events.Add(new BuildEvent { Timestamp = new(), WantCreate = new WantCreateEventV1 { Want = want } });
                events.Add(new BuildEvent { Timestamp = new(), WantCancel = new WantCancelEventV1 { WantId = want.WantId } });
            }

            log.Append(events);
            versionBegan = log.LastOffset;
        }
    }

    private void Run(int version)
    {
        TakeOutsideChanges();
        long begin = Recording.Now;
        string traces = Directory.CreateDirectory(Path.Combine(home, $"trace-{phases.Count}")).FullName;
        string output = Path.Combine(home, $"output-{phases.Count}");
        Trace(traces, output, Project(version).Request());
        Take(new StraceReader(Folder, output).Read(traces));
        Directory.Delete(traces, recursive: true);
        var result = Messages(output).LastOrDefault()?.Result;
        phases.Add(new Phase(version, begin, versionBegan, result is null ? long.MaxValue : Recording.Acknowledgements[^1].End, result));
    }

    private void Trace(string traces, string output, EngineRequest request)
    {
        string[] strace =
        [
            "strace", "-f", "-ff", "-y", "-xx", "-s", "4194304", "--seccomp-bpf", "--absolute-timestamps=format:unix,precision:ns", "--syscall-times=ns",
            "-qq", "-e", "signal=none", "-e", $"trace={StraceReader.Calls}", "-o", Path.Combine(traces, "t"), .. engine,
        ];
        var start = new ProcessStartInfo("/bin/sh", ["-c", "output=$1; shift; exec \"$@\" > \"$output\"", "sh", output, .. strace])
        {
            RedirectStandardInput = true, Environment = { ["DOTNET_EnableDiagnostics"] = "0" },
        };
        using var process = Process.Start(start)!;
        request.WriteDelimitedTo(process.StandardInput.BaseStream);
        process.StandardInput.Flush();
        if (!process.WaitForExit(longest))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail("the recorded engine hangs");
        }
    }

    /// <summary>
    /// Adds what was traced. The recording must make the folder as it now is, byte for byte: nothing was missed or misunderstood.
    /// Which of the calls that a kill cut off were carried out is found by trying.
    /// </summary>
    private void Take(List<FileOp> traced)
    {
        var uncertain = traced.Where(op => op.IsUncertain).ToList();
        Assert.InRange(uncertain.Count, 0, MostUncertain);
        string why = "";
        for (int choice = 0; choice < 1 << uncertain.Count; choice++)
        {
            List<FileOp> chosen = [.. ops, .. traced.Where(op => !op.IsUncertain || (choice >> uncertain.IndexOf(op) & 1) == 0)];
            try
            {
                Recording = new Recording(chosen);
            }
            catch (UnclearRecordingException senseless)
            {
                why = senseless.Message;
                continue;
            }

            var differences = Now().DifferencesTo(Folder);
            if (differences.Count == 0)
            {
                ops = chosen;
                return;
            }

            why = string.Join("; ", differences);
        }

        throw new UnclearRecordingException(why);
    }

    /// <summary>What was changed since the last engine ended, as operations that are durable.</summary>
    private void TakeOutsideChanges()
    {
        long time = Recording.Now + 1;
        var changes = Now().DifferencesTo(Folder).Select(difference => difference.Split(": ", 2)).ToList();
        foreach (var change in changes.Where(change => change[0] == "not there").OrderByDescending(change => change[1], StringComparer.Ordinal))
        {
            ops.Add(new FileOp(OpKind.Remove, change[1], time, time));
        }

        foreach (var change in changes.Where(change => change[0] != "not there").OrderBy(change => change[1], StringComparer.Ordinal))
        {
            string full = Path.Combine(Folder, change[1]);
            if (Directory.Exists(full))
            {
                ops.Add(new FileOp(OpKind.MakeFolder, change[1], time, time));
            }
            else
            {
                ops.Add(new FileOp(OpKind.Create, change[1], time, time) { Empties = true });
                ops.Add(new FileOp(OpKind.Write, change[1], time, time) { Bytes = File.ReadAllBytes(full) });
            }
        }

        ops.Add(new FileOp(OpKind.SyncAll, "", time, time));
        Recording = new Recording(ops);
    }

    private Image Now() => new ImageMaker(Recording, new Cut(long.MaxValue, Survival.All)).Make();

    private static IEnumerable<EngineMessage> Messages(string output)
    {
        using var file = File.OpenRead(output);
        while (file.Position < file.Length)
        {
            yield return EngineMessage.Parser.ParseDelimitedFrom(file);
        }
    }

    private static bool Possible()
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("strace", ["-qq", "-o", "/dev/null", "true"]) { RedirectStandardError = true })!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
