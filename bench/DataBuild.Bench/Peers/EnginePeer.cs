using System.Diagnostics;
using DataBuild.Bench.Works;
using DataBuild.V1;
using Google.Protobuf;

namespace DataBuild.Bench.Peers;

/// <summary>DataBuild's engine as builds start it: a process of its own, cold, its log included; what MSBuild costs is measured by itself.</summary>
internal sealed class EnginePeer(Native native, int atOnce, int batch = 1, EngineMode mode = EngineMode.Build)
    : Peer(batch == 1 ? "DataBuild" : $"DataBuild, BatchSize={batch}")
{
    private static string Dotnet => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } named ? named : "dotnet";

    public override string? Missing => null;

    public override int ProcessesOf(int targets) => (targets + batch - 1) / batch;

    public override string PathOf(string folder, string target) => Path.Combine(folder, "data", target);

    public override void Write(string folder, Work work)
    {
        var graph = new GraphDocument { Name = "bench" };
        graph.Jobs.Add(new JobDefinition { Label = "j", Command = work.IsFound ? $"{native.Job} --find" : native.Job, BatchSize = $"{batch}" });
        graph.Partitions.AddRange(work.Partitions);
        graph.Sources.AddRange(work.SourcePatterns);
        graph.Wants.Add(new WantDefinition { Partitions = work.Want });
        var request = new EngineRequest
        {
            ProtocolVersion = 1,
            Mode = mode,
            Graph = graph,
            ProjectFile = Path.Combine(folder, "bench.dbproj"),
            DataRoot = Path.Combine(folder, "data"),
            StateDirectory = Path.Combine(folder, ".databuild"),
            Parallelism = atOnce,
            MaxRebuilds = -1,
        };
        using var file = File.Create(Path.Combine(folder, "request"));
        request.WriteDelimitedTo(file);
    }

    public override Measured Run(string folder)
    {
        string messages = Path.Combine(folder, "messages");
        var measured = native.Run(new Call(folder, Dotnet, "exec", Native.Known("Engine"), "engine") { Input = Path.Combine(folder, "request"), Output = messages });
        Result = Read(messages);
        return measured;
    }

    /// <summary>What the engine said of the last run.</summary>
    public BuildResult? Result { get; private set; }

    private static BuildResult Read(string messages)
    {
        using var file = File.OpenRead(messages);
        while (file.Position < file.Length)
        {
            if (EngineMessage.Parser.ParseDelimitedFrom(file).Result is { } result)
            {
                return result.Outcome is BuildOutcome.Built or BuildOutcome.UpToDate or BuildOutcome.Planned
                    ? result
                    : throw new BenchException($"the engine ended with {result.Outcome}: {result.Summary} {string.Join("; ", result.Diagnostics.Select(diagnostic => diagnostic.Text).Take(3))}");
            }
        }

        throw new UnreachableException("an engine that exits with 0 has said its result");
    }
}
