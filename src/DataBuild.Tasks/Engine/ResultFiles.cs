using DataBuild.V1;
using Google.Protobuf;

namespace DataBuild.Tasks.Engine;

/// <summary>The result of a build that no engine could write: a failed target has no rows, so the file must be there.</summary>
internal static class ResultFiles
{
    public static BuildResult WriteInvalid(string file, IEnumerable<Diagnostic> diagnostics) =>
        Write(file, BuildOutcome.Invalid, "the project has errors, nothing was run", diagnostics);

    /// <summary>Unless the engine wrote it before it ended.</summary>
    public static void WriteFailed(string file, string summary, IEnumerable<Diagnostic> diagnostics)
    {
        if (file.Length > 0 && !File.Exists(file))
        {
            Write(file, BuildOutcome.Failed, summary, diagnostics);
        }
    }

    private static BuildResult Write(string file, BuildOutcome outcome, string summary, IEnumerable<Diagnostic> diagnostics)
    {
        var result = new BuildResult { Outcome = outcome, Summary = summary };
        result.Diagnostics.AddRange(diagnostics);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, new JsonFormatter(JsonFormatter.Settings.Default.WithIndentation()).Format(result) + "\n");
        return result;
    }
}
