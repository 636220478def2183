using DataBuild.V1;

namespace DataBuild.Engine.State;

/// <summary>What the kinds of events that end a run have in common.</summary>
public static class RunEndExtensions
{
    /// <summary>How a run ended, ref by ref; null for an event that ends none, or that leaves its refs as they were before.</summary>
    public static RunEnd? RunEnd(this BuildEvent e) => e.EventCase switch
    {
        BuildEvent.EventOneofCase.JobRunSuccess => e.JobRunSuccess.End,
        BuildEvent.EventOneofCase.JobRunFailure => e.JobRunFailure.End,
        BuildEvent.EventOneofCase.JobRunMissingDeps => e.JobRunMissingDeps.End,
        BuildEvent.EventOneofCase.JobRunLost => e.JobRunLost.End,
        _ => null,
    };

    /// <summary>The run that the event ends; null for any other event. That an end was asked for is none.</summary>
    public static string? EndedRun(this BuildEvent e) => e.EventCase switch
    {
        BuildEvent.EventOneofCase.JobRunCancel => e.JobRunCancel.Asked ? null : e.JobRunCancel.RunId,
        BuildEvent.EventOneofCase.JobRunLost => e.JobRunLost.RunId,
        _ => e.RunEnd()?.RunId,
    };
}
