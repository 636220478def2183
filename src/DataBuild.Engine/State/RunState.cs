namespace DataBuild.Engine.State;

/// <summary>States of a run.</summary>
public enum RunState
{
    /// <summary>Intended and logged; nothing may have been started.</summary>
    Queued,

    /// <summary>Its process was seen.</summary>
    Running,

    /// <summary>Its executor can tell nothing of it at present: neither that it lives nor that it ended.</summary>
    Unknown,

    /// <summary>Ended, every ref is done.</summary>
    Succeeded,

    /// <summary>Ended, at least one ref failed.</summary>
    Failed,

    /// <summary>Ended, no ref failed, at least one lacks an input.</summary>
    MissedDeps,

    /// <summary>Stopped on request.</summary>
    Canceled,

    /// <summary>Its engine died before it ended, or it went with what its executor had placed it on. It has no result, and never will have.</summary>
    Lost,
}
