using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Execution.Native;
using DataBuild.Engine.Ports;
using DataBuild.V1;

namespace DataBuild.Engine.Execution.Output;

/// <summary>What is made of both streams of a run when it has ended.</summary>
internal static class RunStreams
{
    private const int TailBytes = 2048;
    private const int DotnetCannotStart = 150;

    public static void End(OutputCapture stream, RunRequest request, List<Diagnostic> diagnostics, bool cut)
    {
        stream.End(cut);
        if (stream.Log.Errno != 0)
        {
            diagnostics.Add(Rules.OutputNotKept.At(
                $"job '{request.Job}': {stream.Log.Path} could not be written: {Libc.Describe(stream.Log.Errno)}; {Rules.OutputNotKept.Cure}"));
        }
        else if (stream.Log.LeftOut > 0)
        {
            diagnostics.Add(Rules.OutputTooLong.At(
                $"job '{request.Job}' printed so much that {stream.Log.LeftOut} bytes in the middle of {stream.Log.Path} are left out; {Rules.OutputTooLong.Cure}"));
        }
    }

    /// <summary>Last words of stderr, of stdout if stderr was silent.</summary>
    public static string LastWords(OutputCapture output, OutputCapture error)
    {
        var words = LastWords(error);
        return words.Length > 0 ? words : LastWords(output);
    }

    /// <summary>What runtime a .NET program lacks that could not start for lack of it; else null.</summary>
    public static string? MissingRuntime(int? exitCode, OutputCapture error)
    {
        if (exitCode != DotnetCannotStart)
        {
            return null;
        }

        var text = PlainText.Of(error.Tail.Last(TailBuffer.Capacity));
        if (!text.Contains("You must install or update .NET", StringComparison.Ordinal))
        {
            return null;
        }

        var framework = Array.Find(text.Split('\n'), line => line.StartsWith("Framework:", StringComparison.Ordinal));
        return framework is null ? "its .NET runtime is not installed" : $"it needs the {PlainText.Quote(framework)}, which is not installed";
    }

    // Without the lines that were messages: they are told as what they mean.
    private static string LastWords(OutputCapture stream)
    {
        if (stream.IsSilent)
        {
            return "";
        }

        var text = PlainText.Of(stream.Tail.Last(4 * TailBytes));
        if (text.Contains("databuild:", StringComparison.Ordinal))
        {
            text = string.Join('\n', text.Split('\n').Where(line => !line.StartsWith("databuild:", StringComparison.Ordinal)));
        }

        return PlainText.Last(text.Trim(), TailBytes);
    }
}
