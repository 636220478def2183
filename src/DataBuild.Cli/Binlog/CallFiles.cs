using System.Text.RegularExpressions;

namespace DataBuild.Cli.Binlog;

/// <summary>The files that a build embeds of one call of the engine: below <c>databuild/binlog/CALL/</c> of the project's obj folder.</summary>
internal static partial class CallFiles
{
    public const string Request = "request.json";
    public const string Plan = "plan.json";
    public const string Result = "result.json";
    public const string Runs = "runs.jsonl";

    public static bool IsOurs(string path) => Ours().IsMatch(path);

    /// <summary>Folders of calls, in the order in which their files were embedded.</summary>
    public static IEnumerable<string> Folders(IEnumerable<string> paths) =>
        paths.Select(path => Ours().Match(path)).Where(match => match.Success).Select(match => match.Groups["folder"].Value).Distinct(StringComparer.Ordinal);

    public static string Log(string runId, string stream) => $"logs/{runId}.{stream}.log";

    [GeneratedRegex(@"^(?<folder>.*[\\/]databuild(\.[A-Za-z0-9_-]+)?[\\/]binlog[\\/][^\\/]+)[\\/](logs[\\/])?[^\\/]+$", RegexOptions.ExplicitCapture)]
    private static partial Regex Ours();
}
