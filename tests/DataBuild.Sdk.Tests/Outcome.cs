using System.Text.Json;

namespace DataBuild.Sdk.Tests;

/// <summary>How a command ended and what it said.</summary>
internal sealed record Outcome(int ExitCode, string Output)
{
    public Outcome Succeeded()
    {
        Assert.True(ExitCode == 0, Output);
        return this;
    }

    public Outcome Failed()
    {
        Assert.True(ExitCode != 0, Output);
        return this;
    }

    public Outcome Says(string text)
    {
        Assert.True(Output.Contains(text, StringComparison.Ordinal), $"does not say: {text}\n{Output}");
        return this;
    }

    public Outcome DoesNotSay(string text)
    {
        Assert.False(Output.Contains(text, StringComparison.Ordinal), $"says: {text}\n{Output}");
        return this;
    }

    /// <summary>How often a diagnostic is reported, its repetition in a summary not counted.</summary>
    public int Count(string code) =>
        Output.Split('\n').Where(line => line.Contains(code + ":", StringComparison.Ordinal)).Select(line => line.Trim()).Distinct().Count();

    /// <summary>Identities of the rows that -getTargetResult printed.</summary>
    public IReadOnlyList<JsonElement> Rows(string target) =>
        [.. JsonDocument.Parse(Output).RootElement.GetProperty("TargetResults").GetProperty(target).GetProperty("Items").EnumerateArray()];
}
