using System.Globalization;
using System.Text.Json;

namespace DataBuild.Jobs;

/// <summary>What the engine tells a job through its environment. Nothing else of the library reads it.</summary>
internal sealed class JobEnvironment
{
    private IReadOnlyDictionary<string, string>? sources;

    public string Job { get; init; } = "";

    public string RunId { get; init; } = "";

    public int Attempt { get; init; } = 1;

    public string TraceParent { get; init; } = "";

    /// <summary>Full path; empty when run by hand without it.</summary>
    public string DataRoot { get; init; } = "";

    /// <summary>Full path; empty when run by hand without it.</summary>
    public string OutputRoot { get; init; } = "";

    public string PartitionsFile { get; init; } = "";

    public string MessagesFile { get; init; } = "";

    public string SourcesFile { get; init; } = "";

    /// <summary>Full path of each known source, by ref. Read when first asked for: many jobs have none.</summary>
    public IReadOnlyDictionary<string, string> Sources => sources ??= ReadSources();

    public static JobEnvironment Read(Func<string, string?> variable)
    {
        string Get(string name) => variable("DATABUILD_" + name) ?? "";
        string Folder(string name) => Get(name) is { Length: > 0 } path ? Path.GetFullPath(path) : "";
        return new JobEnvironment
        {
            Job = Get("JOB"),
            RunId = Get("JOB_RUN_ID"),
            Attempt = int.TryParse(Get("ATTEMPT"), CultureInfo.InvariantCulture, out int attempt) ? attempt : 1,
            TraceParent = variable("TRACEPARENT") ?? "",
            DataRoot = Folder("DATA_ROOT"),
            OutputRoot = Folder("OUTPUT_ROOT"),
            PartitionsFile = Get("PARTITIONS_FILE"),
            MessagesFile = Get("MESSAGES_FILE"),
            SourcesFile = Get("SOURCES_FILE"),
        };
    }

    /// <summary>All refs of the run in order; null when run by hand without the file.</summary>
    public IReadOnlyList<string>? Partitions() =>
        PartitionsFile.Length == 0 ? null : [.. File.ReadLines(PartitionsFile).Where(line => line.Length > 0)];

    private Dictionary<string, string> ReadSources()
    {
        var paths = new Dictionary<string, string>(StringComparer.Ordinal);
        if (SourcesFile.Length == 0 || !File.Exists(SourcesFile))
        {
            return paths;
        }

        byte[] json = File.ReadAllBytes(SourcesFile);
        if (json.Length == 0)
        {
            return paths;
        }

        using JsonDocument document = JsonDocument.Parse(json);
        foreach (JsonProperty source in document.RootElement.EnumerateObject())
        {
            paths[source.Name] = source.Value.GetString()!;
        }

        return paths;
    }
}
