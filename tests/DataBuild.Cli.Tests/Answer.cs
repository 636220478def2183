using Google.Protobuf;

namespace DataBuild.Cli.Tests;

/// <summary>What the tool said and how it ended.</summary>
internal sealed record Answer(int ExitCode, string Out, string Error)
{
    private static readonly JsonParser parser = new(JsonParser.Settings.Default);

    /// <summary>Stdout as a message of the contract; fails for any unknown field.</summary>
    public T As<T>()
        where T : IMessage, new() => parser.Parse<T>(Out);

    public IReadOnlyList<T> LinesAs<T>()
        where T : IMessage, new() => [.. Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(parser.Parse<T>)];

    public Answer Succeeded()
    {
        Assert.True(ExitCode == 0, $"exit {ExitCode}: {Error}{Out}");
        return this;
    }

    /// <summary>It failed with this exit code, this diagnostic code, and one line on stderr that holds these words.</summary>
    public void Failed(int exitCode, string code, params string[] words)
    {
        Assert.Equal(exitCode, ExitCode);
        Assert.Equal("", Out);
        string line = Assert.Single(Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith($"databuild: error {code}: ", line, StringComparison.Ordinal);
        Assert.All(words, word => Assert.Contains(word, line, StringComparison.Ordinal));
    }
}
