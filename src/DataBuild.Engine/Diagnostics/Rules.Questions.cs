using DataBuild.V1;

namespace DataBuild.Engine.Diagnostics;

/// <summary>Questions that cannot be answered as they were put: 2113-2129.</summary>
public static partial class Rules
{
    public static readonly DiagnosticRule NoSuchRun = new("DBLD2113", Severity.Error,
        "No such run",
        "No run in the log has an id that begins or ends like this.",
        "See `databuild runs`; an id may be shortened to its beginning or its end.");

    public static readonly DiagnosticRule AmbiguousRun = new("DBLD2114", Severity.Error,
        "Several runs are meant",
        "More than one run has an id that begins or ends like this. Ids begin with the time, so those of one build begin alike.",
        "Give more of the id; the message lists the runs.");

    public static readonly DiagnosticRule NoSuchPlace = new("DBLD2115", Severity.Error,
        "The listing cannot go on there",
        "--after names a ref that is not in the listing that was asked for: another set, state or job was asked for on the page before, or the ref was mistyped.",
        "Ask with the same arguments as for the page before and the `next` that it gave.");

    public static readonly DiagnosticRule NoSuchInstant = new("DBLD2116", Severity.Error,
        "No offset and no time",
        "--since was given something that is neither an event's offset nor a time.",
        "Give an offset (120), a day (2001-02-14) or a time in UTC (2001-02-14T06:30).");

    public static readonly DiagnosticRule NoSuchJob = new("DBLD2117", Severity.Error,
        "No such job",
        "A job was named that the graph in force does not have.",
        "See `databuild jobs`.");
}
