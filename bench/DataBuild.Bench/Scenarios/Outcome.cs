using System.Text.Json;
using System.Text.Json.Serialization;

namespace DataBuild.Bench.Scenarios;

/// <summary>The result of a scenario, as it is kept.</summary>
internal sealed record Outcome
{
    private static readonly JsonSerializerOptions indented = new() { WriteIndented = true };

    public required string Name { get; init; }

    public required string Title { get; init; }

    /// <summary>Milliseconds a process, started and collected by posix_spawn alone, round by round; empty where no process counts.</summary>
    public List<double> Floors { get; init; } = [];

    public List<Row> Rows { get; init; } = [];

    /// <summary>Single figures by name, where a table of tools says nothing.</summary>
    public Dictionary<string, double> Figures { get; init; } = [];

    /// <summary>So much of the size that the scenario has.</summary>
    public double Scale { get; init; } = 1;

    [JsonIgnore]
    public double Floor => Row.Median(Floors);

    public static string FileOf(string folder, string name) => Path.Combine(folder, $"{name}.json");

    public static Outcome? Read(string folder, string name) =>
        File.Exists(FileOf(folder, name)) ? JsonSerializer.Deserialize<Outcome>(File.ReadAllText(FileOf(folder, name))) : null;

    public void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        string file = FileOf(folder, Name);
        File.WriteAllText(file + ".new", JsonSerializer.Serialize(this, indented));
        File.Move(file + ".new", file, overwrite: true);
    }
}
