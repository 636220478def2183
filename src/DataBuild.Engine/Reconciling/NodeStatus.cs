namespace DataBuild.Engine.Reconciling;

/// <summary>Where a demanded ref stands. The settled ones come last: nothing more happens to them until something changes.</summary>
internal enum NodeStatus : byte
{
    /// <summary>Not looked at yet.</summary>
    New,

    /// <summary>Its files are to be looked at.</summary>
    Observing,

    /// <summary>It failed before; asking for a retry is under way.</summary>
    Retrying,

    /// <summary>Live; an input may turn out to differ.</summary>
    Suspect,

    /// <summary>Has to run; an input is not settled.</summary>
    Waiting,

    /// <summary>Has to run; a time has not come, or a run under way still reads what it would replace.</summary>
    Delayed,

    /// <summary>Has to run and may.</summary>
    Ready,

    /// <summary>A run for it is under way.</summary>
    Building,

    /// <summary>Live, trusted, up to date.</summary>
    Fresh,

    /// <summary>Live and known to differ, kept on purpose.</summary>
    Kept,

    /// <summary>Not there and nothing requires it: for those who read it once, no difference.</summary>
    Unneeded,

    /// <summary>Its interval has not ended.</summary>
    IntervalOpen,

    /// <summary>Cannot be made.</summary>
    Failed,

    /// <summary>Waits for one that cannot be made.</summary>
    UpstreamFailed,
}
