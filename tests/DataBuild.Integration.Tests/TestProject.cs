using DataBuild.Engine.Log;
using DataBuild.Engine.Ports;
using DataBuild.V1;

namespace DataBuild.Integration.Tests;

/// <summary>A project in a folder of its own, its jobs shell scripts; gone with the test.</summary>
public sealed class TestProject : IDisposable
{
    public TestProject(string name = "project äö")
    {
        Folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), $"databuild test {Guid.NewGuid():N}", name)).FullName;
        Graph.Name = "test";
    }

    public string Folder { get; }

    public GraphDocument Graph { get; set; } = new();

    public string DataRoot => Path.Combine(Folder, "data");

    public string StateDirectory => Path.Combine(Folder, ".databuild");

    public string Log => Path.Combine(StateDirectory, "log.db");

    /// <summary>A file outside log and data that every script of <see cref="Script"/> appends "run ref pid" to.</summary>
    public string Witness => Path.Combine(Folder, "witness");

    public TestProject Job(string label, string command, Action<JobDefinition>? more = null)
    {
        var job = new JobDefinition { Label = label, Command = command, Origin = new Origin { ItemType = "Job", Include = label, File = "test.dbproj" } };
        more?.Invoke(job);
        Graph.Jobs.Add(job);
        return this;
    }

    /// <summary>A job that is a script, run for each ref in turn: <c>$ref</c>, <c>$out</c> and <c>$in</c> (the data root) are set.</summary>
    public TestProject Script(string label, string body, Action<JobDefinition>? more = null)
    {
        WriteScript(label, body);
        return Job(label, $"/bin/sh {label}.sh", more);
    }

    public void WriteScript(string label, string body) => Write($"{label}.sh", $$"""
        set -e
        in="$DATABUILD_DATA_ROOT"
        for ref in "$@"; do
          out="$DATABUILD_OUTPUT_ROOT/$ref"
          echo "$DATABUILD_JOB_RUN_ID $ref $$" >> '{{Witness}}'
          {{body.ReplaceLineEndings("\n  ")}}
        done

        """);

    public TestProject Partition(string pattern, string job, string needs = "")
    {
        Graph.Partitions.Add(new PartitionDefinition
        {
            Pattern = pattern, Job = job, Needs = needs, Origin = new Origin { ItemType = "Partition", Include = pattern, File = "test.dbproj" },
        });
        return this;
    }

    public TestProject Source(string pattern, string path)
    {
        Graph.Sources.Add(new SourceDefinition { Pattern = pattern, Path = path });
        return this;
    }

    public TestProject Want(string set)
    {
        Graph.Wants.Add(new WantDefinition { Partitions = set, Origin = new Origin { ItemType = "Want", Include = set, File = "test.dbproj" } });
        return this;
    }

    public string Write(string path, string text)
    {
        string full = Path.Combine(Folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
        return full;
    }

    public string Data(string @ref) => File.ReadAllText(Path.Combine(DataRoot, @ref));

    public EngineRequest Request(EngineMode mode = EngineMode.Build) => new()
    {
        ProtocolVersion = 1,
        Mode = mode,
        Graph = Graph,
        ProjectFile = Path.Combine(Folder, "test.dbproj"),
        DataRoot = DataRoot,
        StateDirectory = StateDirectory,
        StartDirectory = Folder,
        Parallelism = 2,
        MaxRebuilds = -1,
        ReportRuns = true,
    };

    public BuildResult Build(Action<EngineRequest>? change = null)
    {
        var request = Request();
        change?.Invoke(request);
        using var engine = EngineRun.Start(request);
        return engine.WaitForResult();
    }

    public IReadOnlyList<StoredEvent> Events()
    {
        using var log = SqliteBuildEventLog.OpenReader(Log);
        return [.. log.Read(1)];
    }

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(Folder)!, recursive: true);
}
