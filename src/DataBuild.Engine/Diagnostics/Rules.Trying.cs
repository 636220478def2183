using DataBuild.V1;

namespace DataBuild.Engine.Diagnostics;

public static partial class Rules
{
    public static readonly DiagnosticRule TriedSource = new("DBLD2130", Severity.Error,
        "No job makes a source",
        "`databuild try` runs the job of one partition; the ref given is a source, which is there or not and is made by nobody.",
        "Try a partition that reads the source.");

    public static readonly DiagnosticRule NothingToVerify = new("DBLD2131", Severity.Error,
        "Nothing live to verify",
        "`databuild verify` runs jobs again for partitions that are live, and no ref of the set is.",
        "Build the set first, or correct it; `databuild status` shows what is live.");

    public static readonly DiagnosticRule ScratchNotMade = new("DBLD2132", Severity.Error,
        "The scratch folder cannot be made",
        "`try` and `verify` run jobs in folders below the state directory, and one of these cannot be made.",
        "Make the state directory writable, or free space on its disk.");

    public static readonly DiagnosticRule TriedWithoutInput = new("DBLD2133", Severity.Warning,
        "An input is not live",
        "The job was started although something that its ref needs is not live and up to date. A build would make that first.",
        "Build the input first where the job's answer depends on it.");
}
