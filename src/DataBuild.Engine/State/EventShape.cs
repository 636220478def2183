using DataBuild.V1;
using Google.Protobuf.WellKnownTypes;

namespace DataBuild.Engine.State;

/// <summary>
/// What protobuf lets be absent or out of range and the fold relies on. Checked before anything is applied, so that an event is applied
/// as a whole or refused.
/// </summary>
internal static class EventShape
{
    private const long FirstSecond = -62_135_596_800;
    private const long LastSecond = 253_402_300_799;

    /// <summary>Null if the event is whole, else what it lacks.</summary>
    public static string? Problem(BuildEvent e) => !IsTime(e.Timestamp) ? "a time that is none" : e.EventCase switch
    {
        BuildEvent.EventOneofCase.JobRunSuccess => OfEnd(e.JobRunSuccess.End),
        BuildEvent.EventOneofCase.JobRunFailure => OfEnd(e.JobRunFailure.End),
        BuildEvent.EventOneofCase.JobRunMissingDeps => OfEnd(e.JobRunMissingDeps.End),
        BuildEvent.EventOneofCase.JobRunLost => e.JobRunLost.End is null ? null : OfEnd(e.JobRunLost.End),
        BuildEvent.EventOneofCase.TaintCreate => e.TaintCreate.Partitions is null ? "no partitions" : null,
        BuildEvent.EventOneofCase.GraphRegister => e.GraphRegister.Graph is null ? "no graph" : null,
        _ => null,
    };

    private static string? OfEnd(RunEnd? end)
    {
        if (end is null)
        {
            return "no end";
        }

        foreach (var outcome in end.Outcomes)
        {
            if (outcome.Failed is { } failed && (!System.Enum.IsDefined(failed.FailureClass) || !IsTime(failed.RetryAt) || failed.BatchLimit > int.MaxValue))
            {
                return $"a failure of {outcome.Ref} whose class, time or limit is none";
            }

            if (outcome.Missed is { } missed && (!IsTime(missed.NotBefore) || missed.BatchLimit > int.MaxValue))
            {
                return $"a miss of {outcome.Ref} whose time or limit is none";
            }
        }

        return null;
    }

    /// <summary>Absent, or within the years 1 to 9999.</summary>
    private static bool IsTime(Timestamp? time) =>
        time is null || (time.Seconds is >= FirstSecond and <= LastSecond && time.Nanos is >= 0 and < 1_000_000_000);
}
