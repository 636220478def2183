using System.Diagnostics;
using System.IO.Compression;

namespace DataBuild.Jobs.Tests;

/// <summary>A copy of the flights sample's data, and its jobs as flights.dbproj declares them.</summary>
internal sealed class Flights : IDisposable
{
    private static readonly string Sample = Repository.PathOf("samples/flights");

    private readonly TempFolder folder = new();
    private readonly Dictionary<string, string> environment;

    public Flights(params (string Name, string Value)[] environment)
    {
        this.environment = environment.ToDictionary(entry => entry.Name, entry => entry.Value);
        Directory.CreateDirectory(folder["csv"]);
        foreach (string file in Directory.GetFiles(Path.Combine(Sample, "csv")))
        {
            File.Copy(file, folder["csv/" + Path.GetFileName(file)]);
        }

        File.Copy(Path.Combine(Sample, "verify.py"), folder["verify.py"]);
    }

    public static IReadOnlyList<string> Reports { get; } = ["report/2001-01.html", "report/2001-02.html", "report/2001-03.html"];

    public string PathOf(string relative) => folder[relative];

    public LittleEngine Build(params IEnumerable<string> refs)
    {
        var engine = new LittleEngine(folder);
        foreach ((string name, string value) in environment)
        {
            engine.Variable(name, value);
        }

        string[] Command(string name) => ["dotnet", Repository.FlightsJobs, name];
        engine.Variable("FLIGHTS_SINCE", "2001-01-01");
        engine.Source("airports", folder["csv/airports.csv"]);
        foreach (string month in new[] { "2001-01", "2001-02", "2001-03" })
        {
            engine.Source("csv/" + month, folder[$"csv/{month}.csv.gz"]);
        }

        engine.Job("ingest", "raw/", 31, Command("ingest"), @ref => ["csv/" + @ref["raw/".Length..][..7]]);
        engine.Job("daily", "daily/", 31, Command("daily"), @ref => ["raw/" + @ref["daily/".Length..]]);
        engine.Job("weekly", "weekly/", 31, Command("weekly"));
        engine.Job("report", "report/", 1, Command("report"), _ => ["airports"]);
        engine.Build(refs);
        return engine;
    }

    /// <summary>Replaces one row of a month's file.</summary>
    public void Change(string month, Func<string[], int> which, Action<string[]> change)
    {
        string path = folder[$"csv/{month}.csv.gz"];
        string[] lines;
        using (var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress)))
        {
            lines = reader.ReadToEnd().TrimEnd('\n').Split('\n');
        }

        int line = which(lines);
        string[] columns = lines[line].Split(',');
        change(columns);
        lines[line] = string.Join(',', columns);
        using var writer = new StreamWriter(new GZipStream(File.Create(path), CompressionLevel.Fastest));
        writer.Write(string.Join('\n', lines) + "\n");
    }

    /// <summary>Every partition's bytes, by ref.</summary>
    public Dictionary<string, byte[]> Data() => Directory.GetFiles(folder["data"], "*", SearchOption.AllDirectories)
        .ToDictionary(path => Path.GetRelativePath(folder["data"], path).Replace('\\', '/'), File.ReadAllBytes);

    /// <summary>Exit code and output of verify.py.</summary>
    public (int ExitCode, string Output) Verify()
    {
        using Process process = Process.Start(new ProcessStartInfo("python3", [folder["verify.py"], folder["data"]]) { RedirectStandardOutput = true })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }

    public void Dispose() => folder.Dispose();
}
