using DataBuild.Engine.Hosting;
using DataBuild.Engine.Log;
using DataBuild.V1;

namespace DataBuild.Faults.Tests.Storage;

/// <summary>
/// A project with finished partitions, and work to do that replaces some and adds others. What every fault must leave, and what the
/// build after it must do, is asked here.
/// </summary>
internal sealed class FaultyProject : IDisposable
{
    private const int Lines = 400;

    private readonly TestProject project = new("faults");
    private readonly SortedDictionary<string, string> before;
    private readonly Dictionary<string, string> expected = [];
    private ulong known;

    public FaultyProject(bool built = true)
    {
        Script("small", 1);
        project.Script("large", $$"""
            while [ -e '{{Gate}}' ]; do sleep 0.02; done
            read -r line < "$in/small/${ref#large/}"
            echo "one line of output of $ref"
            mkdir "$out"
            i=0; while [ $i -lt {{Lines}} ]; do echo "$i $ref $line, and a line that takes some room on the disk"; i=$((i + 1)); done > "$out/long"
            """);
        project.Source("in/{n:int}", "in/{n}");
        for (int n = 1; n <= 3; n++)
        {
            project.Write($"in/{n}", $"input {n}\n");
        }

        project.Partition("small/{n:int}", "small", "in/{n}").Partition("large/{n:int}", "large", "small/{n}").Want("small/{1..3}");
        if (built)
        {
            Assert.Equal(BuildOutcome.Built, project.Build().Outcome);
        }

        before = Published();
        project.Want("large/{1..3}");
        Script("small", 2);
        for (int n = 1; n <= 3; n++)
        {
            expected[$"small/{n}"] = $"small 2 input {n}\n";
            expected[$"large/{n}/long"] = string.Concat(Enumerable.Range(0, Lines).Select(i => $"{i} large/{n} small 2 input {n}, and a line that takes some room on the disk\n"));
        }

        known = LastOffset();
    }

    public TestProject Project => project;

    public string Folder => project.Folder;

    /// <summary>While this file is there, the job "large" waits.</summary>
    public string Gate => Path.Combine(Path.GetDirectoryName(project.Folder)!, "gate");

    public string ResultFile => Path.Combine(Folder, "obj", "result.json");

    public EngineRun Start() => EngineRun.Start(Request());

    public EngineRequest Request()
    {
        var request = project.Request();
        request.ResultFile = ResultFile;
        return request;
    }

    /// <summary>An engine runs into the fault: it ends, with a code for all that is an error, and says nothing in more than a line.</summary>
    public IReadOnlyList<string> RunIntoFault()
    {
        using var engine = Start();
        return CodesOf(engine);
    }

    public static IReadOnlyList<string> CodesOf(EngineRun engine)
    {
        var result = engine.WaitForResult();
        Assert.All(engine.Diagnostics, said => Assert.Matches("^DBLD[0-9]{4}$", said.Code));
        Assert.All(engine.Diagnostics, said => Assert.DoesNotContain('\n', said.Text));
        Assert.True(
            result.Outcome is BuildOutcome.Built or BuildOutcome.UpToDate || engine.Diagnostics.Any(said => said.Severity == Severity.Error),
            $"{result.Outcome} without an error: {result.Summary}");
        return [.. engine.Diagnostics.Select(said => said.Code).Distinct()];
    }

    /// <summary>Nobody sees a part of a partition, none that was there is gone, and the log still begins as it did.</summary>
    public void RequireNoFalseState()
    {
        foreach (var (path, content) in Published())
        {
            Assert.True(
                before.GetValueOrDefault(path) == content || expected.GetValueOrDefault(path) == content,
                $"{path} is neither what it was nor what it is to be: {content.Length} characters");
        }

        // Folders hold one file here: one without it is part of a partition.
        Assert.All(FoldersOf("large"), folder => Assert.NotEmpty(Directory.EnumerateFiles(folder)));
        Assert.All(before.Keys, path => Assert.True(File.Exists(Path.Combine(project.DataRoot, path)), $"{path} is gone"));
    }

    /// <summary>With the cause gone, a build makes what is to be made, with a whole log, and takes nothing for lost or changed.</summary>
    /// <param name="olderLog">The log does not know all that was published: that is found changed, and said.</param>
    public void RequireNormalWork(bool olderLog = false)
    {
        using (var engine = Start())
        {
            var result = engine.WaitForResult();
            Assert.True(result.Outcome is BuildOutcome.Built or BuildOutcome.UpToDate, $"{result.Summary}: {string.Join("; ", engine.Diagnostics.Select(said => said.Text))}");
        }

        Assert.Equal(expected.OrderBy(one => one.Key, StringComparer.Ordinal), Published());
        Assert.Equal(["marker"], Directory.EnumerateFileSystemEntries(Path.Combine(project.DataRoot, ".databuild")).Select(Path.GetFileName));
        Assert.Empty(LogVerification.Verify(project.Log).Findings);
        Assert.All(project.Events().Skip((int)known), stored => Assert.DoesNotContain(
            stored.Event.Observe?.Observations ?? [],
            seen => !seen.Ref.StartsWith("in/", StringComparison.Ordinal) && !(olderLog && seen.Presence == Presence.Present)));
        using var again = Start();
        Assert.Equal(BuildOutcome.UpToDate, again.WaitForResult().Outcome);
        Assert.DoesNotContain(again.Diagnostics, said => said.Severity == Severity.Error);
        Assert.Empty(Processes.With(project.DataRoot));
    }

    /// <summary>Another log: what the one before knew counts no more.</summary>
    public void ForgetLog() => known = 0;

    public SortedDictionary<string, string> Published()
    {
        var found = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (Directory.Exists(project.DataRoot))
        {
            foreach (string file in Directory.EnumerateFiles(project.DataRoot, "*", SearchOption.AllDirectories))
            {
                string path = Path.GetRelativePath(project.DataRoot, file);
                if (!path.StartsWith(".databuild/", StringComparison.Ordinal))
                {
                    found.Add(path, File.ReadAllText(file));
                }
            }
        }

        return found;
    }

    /// <summary>So many events that builds read and write a snapshot.</summary>
    public void Lengthen()
    {
        using var log = SqliteBuildEventLog.OpenWriter(new() { Path = project.Log });
        var events = new List<BuildEvent>();
        for (ulong i = 0; i < StateLoader.SnapshotInterval / 2; i++)
        {
            var want = new Want { WantId = $"want-{i}", RootWantId = $"want-{i}", Partitions = new PartitionSet(), Source = "command line" };
            want.Partitions.Expressions.Add("small/1");
            events.Add(new BuildEvent { Timestamp = new(), WantCreate = new WantCreateEventV1 { Want = want } });
            events.Add(new BuildEvent { Timestamp = new(), WantCancel = new WantCancelEventV1 { WantId = want.WantId } });
        }

        log.Append(events);
        known = log.LastOffset;
    }

    public void Dispose() => project.Dispose();

    private IEnumerable<string> FoldersOf(string family) =>
        Path.Combine(project.DataRoot, family) is var folder && Directory.Exists(folder) ? Directory.EnumerateDirectories(folder) : [];

    private ulong LastOffset()
    {
        if (!File.Exists(project.Log))
        {
            return 0;
        }

        ulong last;
        using (var log = SqliteBuildEventLog.OpenReader(project.Log))
        {
            last = log.LastOffset;
        }

        // A reader leaves these behind, empty; the engine is to need room for them.
        Assert.Equal(0, new FileInfo(project.Log + "-wal").Length);
        File.Delete(project.Log + "-wal");
        File.Delete(project.Log + "-shm");
        return last;
    }

    private void Script(string label, int version)
    {
        string body = $"read -r line < \"in/${{ref#small/}}\"; echo \"small {version} $line\" > \"$out\"";
        if (project.Graph.Jobs.Any(job => job.Label == label))
        {
            project.WriteScript(label, body);
        }
        else
        {
            project.Script(label, body);
        }
    }
}
