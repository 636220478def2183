using DataBuild.Engine.Hosting;
using DataBuild.Engine.Hosting.Queries;
using DataBuild.Engine.Log;
using DataBuild.V1;
using Google.Protobuf;

namespace DataBuild.Cli.Tests;

/// <summary>
/// A small project in a folder of its own. It is built by the engine in this process, without MSBuild, from the same request that a
/// compile would leave.
/// </summary>
internal sealed class Project : IDisposable
{
    public const string Writes = """
        for ref in "$@"; do
          case "$FAIL" in "$ref") echo "no good: $ref" >&2; exit 3;; esac
          mkdir -p "$(dirname "$DATABUILD_OUTPUT_ROOT/$ref")"
          echo "made $ref" > "$DATABUILD_OUTPUT_ROOT/$ref"
        done
        """;

    private readonly EngineRequest request;

    public Project()
    {
        Folder = Directory.CreateTempSubdirectory("databuild-cli-").FullName;
        File.WriteAllText(Path.Combine(Folder, "p.dbproj"), "<Project Sdk=\"DataBuild.Sdk\" />");
        File.WriteAllText(Path.Combine(Folder, "write.sh"), Writes);
        request = new EngineRequest
        {
            ProtocolVersion = 1,
            Mode = EngineMode.Build,
            ProjectFile = Path.Combine(Folder, "p.dbproj"),
            DataRoot = Path.Combine(Folder, "data"),
            StateDirectory = Path.Combine(Folder, ".databuild"),
            Parallelism = 4,
            MaxRebuilds = -1,
            PlanFile = Path.Combine(Folder, "obj", "databuild", "plan.json"),
            ResultFile = Path.Combine(Folder, "obj", "databuild", "result.json"),
            Graph = new GraphDocument { Name = "p" },
        };
    }

    public string Folder { get; }

    public string Log => Path.Combine(Folder, ".databuild", "log.db");

    public GraphDocument Graph => request.Graph;

    public EngineRequest Request => request;

    public long MaxRebuilds
    {
        set => request.MaxRebuilds = value;
    }

    public string RequestFile => Path.Combine(Folder, "obj", "databuild", "request.binpb");

    public Project Job(string label, string fail = "")
    {
        Graph.Jobs.Add(new JobDefinition { Label = label, Command = "sh write.sh", Environment = fail.Length > 0 ? $"FAIL={fail}" : "", BatchSize = "1000" });
        return this;
    }

    public Project Partition(string pattern, string job, string needs = "")
    {
        Graph.Partitions.Add(new PartitionDefinition { Pattern = pattern, Job = job, Needs = needs });
        return this;
    }

    public Project Source(string pattern, string path)
    {
        Graph.Sources.Add(new SourceDefinition { Pattern = pattern, Path = path });
        return this;
    }

    public Project Want(string set)
    {
        Graph.Wants.Add(new WantDefinition { Partitions = set });
        return this;
    }

    /// <summary>Raw days, and reports that need two of them each.</summary>
    public static Project Small(string fail = "") => new Project()
        .Job("raw", fail).Job("report")
        .Partition("raw/{n:int}", "raw").Partition("report/{n:int}", "report", "raw/{n};raw/{n+1}")
        .Want("report/{1..3}");

    public BuildResult Build(params string[] wants)
    {
        var asked = request.Clone();
        asked.Wants.AddRange(wants);
        return new BuildSession(asked, _ => { }, TimeProvider.System).RunAsync(CancellationToken.None).GetAwaiter().GetResult();
    }

    /// <summary>Leaves what compiling leaves, and a `dotnet` that only says where.</summary>
    public string StubDotnet()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(RequestFile)!);
        var left = request.Clone();
        left.Mode = EngineMode.Unspecified;
        File.WriteAllBytes(RequestFile, left.ToByteArray());
        return Stub($"echo '{RequestFile}'");
    }

    public string Stub(string script)
    {
        string file = Path.Combine(Folder, "stub-dotnet");
        File.WriteAllText(file, $"#!/bin/sh\nprintf '%s\\n' \"$@\" > '{file}.arguments'\n{script}\n");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return file;
    }

    /// <summary>Appends events as an engine would, and leaves as one that was killed.</summary>
    public void Append(Func<Engine.State.BuildState, BuildEvent> make)
    {
        Engine.State.BuildState state;
        using (var view = LogView.Open(new LogPlace(Log, Path.GetDirectoryName(Log)!, Folder)))
        {
            state = view.Load();
        }

        using var log = SqliteBuildEventLog.OpenWriter(new LogOptions { Path = Log });
        var e = make(state);
        e.Timestamp = Google.Protobuf.WellKnownTypes.Timestamp.FromDateTimeOffset(state.Time);
        state.Apply(state.Offset + 1, e);
        log.Append([e]);
    }

    /// <summary>Everything but the state directory.</summary>
    public void DeleteAllButTheLog()
    {
        foreach (string folder in Directory.GetDirectories(Folder).Where(folder => Path.GetFileName(folder) != ".databuild"))
        {
            Directory.Delete(folder, recursive: true);
        }

        Array.ForEach(Directory.GetFiles(Folder), File.Delete);
        Directory.Delete(Path.Combine(Folder, ".databuild", "runs"), recursive: true);
    }

    public Answer Ask(params string[] arguments) => Tool.Run(Folder, arguments);

    public Answer Make(string dotnet, params string[] arguments) =>
        Tool.Run(Folder, Tool.Program, environment => environment["DOTNET_HOST_PATH"] = dotnet, "", arguments);

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
