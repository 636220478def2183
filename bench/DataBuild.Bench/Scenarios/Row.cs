using System.Text.Json.Serialization;

namespace DataBuild.Bench.Scenarios;

/// <summary>What one tool took for one kind of work, round by round.</summary>
internal sealed record Row
{
    /// <summary>What was done: "build", "nothing to do", "one change".</summary>
    public required string Work { get; init; }

    public required string Tool { get; init; }

    /// <summary>Targets.</summary>
    public required int Count { get; init; }

    /// <summary>Processes that it had to start.</summary>
    public int Processes { get; init; }

    public List<Measured> Rounds { get; init; } = [];

    /// <summary>Why there is no figure, or less of one.</summary>
    public string Note { get; set; } = "";

    [JsonIgnore]
    public double Wall => Median(Rounds.Select(round => round.Wall));

    [JsonIgnore]
    public double Own => Median(Rounds.Select(round => round.Own));

    [JsonIgnore]
    public double Children => Median(Rounds.Select(round => round.Children));

    [JsonIgnore]
    public double Peak => Median(Rounds.Select(round => round.Peak));

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted.Count == 0 ? double.NaN : sorted.Count % 2 == 1 ? sorted[sorted.Count / 2] : (sorted[(sorted.Count / 2) - 1] + sorted[sorted.Count / 2]) / 2;
    }
}
