using DataBuild.Engine.Diagnostics;
using DataBuild.V1;

namespace DataBuild.Tasks.Authoring;

/// <summary>Labels that cannot be targets because something else already is the target of that name.</summary>
internal static class JobLabels
{
    public static void Check(IEnumerable<JobDefinition> jobs, string reservedNamesFile, IReadOnlyList<ProjectXml> files, AuthoringReport report)
    {
        var reserved = new HashSet<string>(File.ReadAllLines(reservedNamesFile), StringComparer.OrdinalIgnoreCase);
        var own = new HashSet<string>(files.SelectMany(file => file.TargetNames), StringComparer.OrdinalIgnoreCase);
        foreach (var job in jobs)
        {
            if (reserved.Contains(job.Label))
            {
                report.Add(Rules.JobLabelIsTarget,
                    $"job '{job.Label}' has the name of a target of the SDK, which would run instead of it; give it another label", job.Origin);
            }
            else if (own.Contains(job.Label))
            {
                report.Add(Rules.JobLabelIsTarget,
                    $"job '{job.Label}' has the name of a target of this project; give one of them another name", job.Origin);
            }
        }
    }
}
