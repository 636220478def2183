using DataBuild.V1;

namespace DataBuild.Engine.Diagnostics;

public static partial class Rules
{
    public static readonly DiagnosticRule DeadlineMissed = new(
        "DBLD4070",
        Severity.Warning,
        "A deadline was missed",
        "The SLA of a want has passed for a partition that was not there. It stays wanted and is made all the same; the log holds the event.",
        "Look at what it waited for with `databuild why REF`. Raise the want's Priority, its jobs' concurrency, or its Sla.");

    public static readonly DiagnosticRule Quarantined = new(
        "DBLD4071",
        Severity.Error,
        "A job is quarantined",
        "So many runs of the job failed one after another, with none in between that made anything, that more of them would be waste: QuarantineAfter of the job says how many. Its partitions fail without being tried, in later builds too.",
        "Mend the job: one that changed is tried again. Where its inputs were at fault, ask with `databuild retry REF-SET`. Set QuarantineAfter to 0 for a job that may fail any number of times.");
}
