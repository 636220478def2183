using DataBuild.V1;

namespace DataBuild.Engine.Diagnostics;

/// <summary>A project that references others: 1032-1034.</summary>
public static partial class Rules
{
    public static readonly DiagnosticRule JobLabelOfReference = new(
        "DBLD1032", Severity.Error, "Two projects of one graph have a job of the same label",
        "The jobs of a referenced project are part of this project's graph. The log, run folders and every question name a job by its label, which ignores case.",
        "Rename one of the jobs. Or set ReferenceGraph=\"false\" on the reference if nothing of it is needed here.");

    public static readonly DiagnosticRule PoolsOfReferencesDiffer = new(
        "DBLD1033", Severity.Error, "Two referenced projects declare a pool differently",
        "A pool is one limit for the whole graph. Two referenced projects declare it with different numbers of slots.",
        "Declare the pool in the project that references both: its number holds for all.");

    public static readonly DiagnosticRule ReferenceInOtherTimeZone = new(
        "DBLD1034", Severity.Error, "A referenced project is in another time zone",
        "A day of one graph ends at one time, and which partitions are due depends on it. A referenced project says another DataBuildTimeZone.",
        "Set DataBuildTimeZone to one value for all of them, in a Directory.Build.props above them perhaps.");
}
