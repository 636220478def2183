using DataBuild.Engine.Ports;
using DataBuild.V1;

namespace DataBuild.Engine.Hosting.Trying;

/// <summary>One of the two runs of a batch.</summary>
internal sealed class VerifyRun(JobRunQueueEventV1 intent, Scratch scratch, RunRequest request)
{
    public Scratch Scratch { get; } = scratch;

    public RunRequest Request { get; } = request;

    /// <summary>How it ended; null while it has not.</summary>
    public RunReturn? Returned { get; set; }

    /// <summary>Why it gave nothing to compare for a ref, by ref; nothing for one that is done.</summary>
    public Dictionary<string, string> Judge(Rehearsal rehearsal, Action<Diagnostic> say)
    {
        var returned = Returned!;
        var staged = Scratch.Inspect(Request.Refs, ref returned);
        var failures = new Dictionary<string, string>(StringComparer.Ordinal);
        if (rehearsal.Judge(intent, returned, staged) is not { } end)
        {
            foreach (string @ref in Request.Refs)
            {
                failures[@ref] = "it was asked to stop";
            }

            return failures;
        }

        foreach (var warning in returned.Diagnostics.Where(diagnostic => diagnostic.Severity != Severity.Error))
        {
            say(warning);
        }

        foreach (var outcome in end.Outcomes.Where(outcome => outcome.Done is null))
        {
            failures[outcome.Ref] = outcome.Failed is { } failed ? $"{failed.Code} {failed.Message}"
                : outcome.Missed is { Refs.Count: > 0 } missed ? $"it reported missing {missed.Refs[0]}{(missed.Refs.Count > 1 ? $" and {missed.Refs.Count - 1} more" : "")}"
                : "it asked to be run later";
        }

        return failures;
    }
}
