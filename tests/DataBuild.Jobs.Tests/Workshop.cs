using DataBuild.V1;
using Google.Protobuf;

namespace DataBuild.Jobs.Tests;

/// <summary>Runs jobs in this process with an environment as the engine sets it, and reads what they said as the engine reads it.</summary>
internal sealed class Workshop : IDisposable
{
    private readonly TempFolder folder = new();

    public Workshop()
    {
        Directory.CreateDirectory(folder["data"]);
        Directory.CreateDirectory(folder["out"]);
    }

    public int ExitCode { get; private set; }

    public string Error { get; private set; } = "";

    public IReadOnlyList<JobMessage> Messages { get; private set; } = [];

    public void Data(string @ref, string text = "") => folder.Write("data/" + @ref, text);

    public string DataPath(string @ref) => folder["data/" + @ref];

    public string OutputPath(string @ref) => folder["out/" + @ref];

    public string Sources(string json) => folder.Write("sources.json", json);

    public async Task RunAsync(Action<JobSet> jobs, params string[] refs) => await RunAsync(jobs, ["job", .. refs], refs);

    public async Task RunAsync(Action<JobSet> jobs, string[] args, string[] refs, string job = "job")
    {
        File.Delete(folder["messages"]);
        var variables = new Dictionary<string, string>
        {
            ["DATABUILD_JOB"] = job,
            ["DATABUILD_JOB_RUN_ID"] = "run-1",
            ["DATABUILD_ATTEMPT"] = "2",
            ["DATABUILD_DATA_ROOT"] = folder["data"],
            ["DATABUILD_OUTPUT_ROOT"] = folder["out"],
            ["DATABUILD_PARTITIONS_FILE"] = folder.Write("refs", string.Join('\n', refs) + "\n"),
            ["DATABUILD_MESSAGES_FILE"] = folder["messages"],
            ["DATABUILD_SOURCES_FILE"] = folder["sources.json"],
            ["TRACEPARENT"] = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        };
        using var error = new StringWriter();
        ExitCode = await JobHost.RunAsync(args, jobs, JobEnvironment.Read(variables.GetValueOrDefault), () => error);
        Error = error.ToString();
        Messages = File.Exists(folder["messages"]) ? [.. File.ReadLines(folder["messages"]).Select(JsonParser.Default.Parse<JobMessage>)] : [];
    }

    public IEnumerable<JobMessage> For(string @ref) => Messages.Where(message => message.For.Contains(@ref));

    public JobMessage One(string @ref, JobMessage.MessageOneofCase kind) => For(@ref).Single(message => message.MessageCase == kind);

    public void Dispose() => folder.Dispose();
}
