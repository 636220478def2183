using System.Diagnostics;
using System.Globalization;
using DataBuild.V1;
using Google.Protobuf;

// Whole-process comparison with ninja and make: `dotnet run -c Release --project bench/DataBuild.Bench -- wide 10000 3`.
// Each round takes a new folder and deletes nothing in between; outputs are compared byte for byte.
string work = args.ElementAtOrDefault(0) ?? "wide";
int count = int.Parse(args.ElementAtOrDefault(1) ?? "10000", CultureInfo.InvariantCulture);
int rounds = int.Parse(args.ElementAtOrDefault(2) ?? "3", CultureInfo.InvariantCulture);
string engine = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../../../src/DataBuild.Cli/bin/Release/net10.0/DataBuild.Cli.dll"));
string root = Directory.CreateTempSubdirectory("databuild-bench-").FullName;
string job = Path.Combine(root, "job");
await File.WriteAllTextAsync(job + ".c", """
    #include <fcntl.h>
    #include <stdio.h>
    #include <stdlib.h>
    #include <string.h>
    #include <unistd.h>
    /* job REF...: writes 17 bytes for each ref below DATABUILD_OUTPUT_ROOT, or to the ref itself without it. */
    int main(int argc, char **argv) {
      const char *out = getenv("DATABUILD_OUTPUT_ROOT");
      char path[4096];
      for (int i = 1; i < argc; i++) {
        snprintf(path, sizeof path, "%s%s%s", out ? out : "", out ? "/" : "", argv[i]);
        int f = open(path, O_CREAT | O_WRONLY | O_TRUNC, 0666);
        if (f < 0 || write(f, "seventeen bytes.\n", 17) != 17) return 1;
        close(f);
      }
      return 0;
    }
    """);
await Run("cc", ["-static", "-O2", "-o", job, job + ".c"], root);
Console.WriteLine($"{work} {count}, {Environment.ProcessorCount} processors, medians of {rounds} rounds; wall seconds");
var walls = new Dictionary<string, List<double>>();
for (int round = 0; round < rounds; round++)
{
    string folder = Directory.CreateDirectory(Path.Combine(root, $"round{round}")).FullName;
    await File.WriteAllLinesAsync(Path.Combine(folder, "build.ninja"), [
        "rule job", $"  command = {job} $out", .. Enumerable.Range(0, count).Select(i => $"build n{i:D6}: job")]);
    await File.WriteAllLinesAsync(Path.Combine(folder, "Makefile"), [
        $"all: {string.Join(' ', Enumerable.Range(0, count).Select(i => $"m{i:D6}"))}", "m%:", $"\t@{job} $@"]);
    Note("ninja", await Run("ninja", ["-j2", "--quiet"], folder));
    Note("make", await Run("make", ["-j2", "-s"], folder));
    Note("databuild", (await Build(folder)).Wall);
    var (wall, engineWall) = await Build(folder);
    Note("databuild, nothing to do", wall);
    Note("  of that the engine's time", engineWall);
    Note("ninja, nothing to do", await Run("ninja", ["-j2", "--quiet"], folder));
    for (int i = 0; i < count; i++)
    {
        if (!File.ReadAllBytes(Path.Combine(folder, $"n{i:D6}")).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(folder, $"data/w/{i}"))))
        {
            throw new InvalidOperationException($"output {i} differs");
        }
    }
}

foreach (var (name, times) in walls)
{
    times.Sort();
    Console.WriteLine($"{name,-26} median {times[times.Count / 2]:0.000}  min {times[0]:0.000}  max {times[^1]:0.000}");
}

void Note(string name, double seconds)
{
    (walls.TryGetValue(name, out var list) ? list : walls[name] = []).Add(seconds);
    Console.Error.WriteLine($"  {name} {seconds:0.00}");
}

async Task<(double Wall, double Engine)> Build(string folder)
{
    var graph = new GraphDocument { Name = "bench" };
    graph.Jobs.Add(new JobDefinition { Label = "w", Command = job });
    graph.Partitions.Add(new PartitionDefinition { Pattern = "w/{n:int}", Job = "w" });
    graph.Wants.Add(new WantDefinition { Partitions = $"w/{{0..{count - 1}}}" });
    var request = new EngineRequest
    {
        ProtocolVersion = 1, Mode = EngineMode.Build, Graph = graph, ProjectFile = Path.Combine(folder, "bench.dbproj"),
        DataRoot = Path.Combine(folder, "data"), StateDirectory = Path.Combine(folder, ".databuild"), Parallelism = 2, MaxRebuilds = -1,
    };
    double inEngine = 0;
    var watch = Stopwatch.StartNew();
    using var process = Process.Start(new ProcessStartInfo("dotnet", [engine, "engine"]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
    request.WriteDelimitedTo(process.StandardInput.BaseStream);
    await process.StandardInput.BaseStream.FlushAsync();
    while (EngineMessage.Parser.ParseDelimitedFrom(process.StandardOutput.BaseStream) is { } message)
    {
        if (message.Diagnostic is { Severity: Severity.Error } error)
        {
            Console.Error.WriteLine($"{error.Code}: {error.Text}");
        }

        if (message.Result is { } result)
        {
            Console.Error.WriteLine($"    {result.Outcome}: {result.Summary}");
            inEngine = result.Wall.ToTimeSpan().TotalSeconds;
            break;
        }
    }

    await process.WaitForExitAsync();
    return (watch.Elapsed.TotalSeconds, inEngine);
}

static async Task<double> Run(string program, string[] arguments, string folder)
{
    var watch = Stopwatch.StartNew();
    using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = folder })!;
    await process.WaitForExitAsync();
    return process.ExitCode == 0 ? watch.Elapsed.TotalSeconds : throw new InvalidOperationException($"{program} failed");
}
