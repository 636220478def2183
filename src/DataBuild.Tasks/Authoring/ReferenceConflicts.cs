using DataBuild.Engine.Diagnostics;
using DataBuild.V1;

namespace DataBuild.Tasks.Authoring;

/// <summary>What two projects of one graph may not say differently. Patterns that overlap are found by the engine, as within one project.</summary>
internal sealed class ReferenceConflicts(AuthoringReport report)
{
    /// <summary>Days and hours of one graph end at one time.</summary>
    public void CheckTimeZone(GraphDocument own, GraphDocument referenced, string project)
    {
        if (!string.Equals(own.TimeZone, referenced.TimeZone, StringComparison.OrdinalIgnoreCase))
        {
            report.Add(Rules.ReferenceInOtherTimeZone,
                $"DataBuildTimeZone is '{own.TimeZone}' here and '{referenced.TimeZone}' in {project}, which this project references; set it to one value in both, in a Directory.Build.props perhaps",
                new Origin { Include = "DataBuildTimeZone" });
        }
    }

    /// <summary>Labels name jobs in the log and ignore case. Within one project the engine says it.</summary>
    public void CheckLabels(IEnumerable<JobDefinition> jobs)
    {
        var known = new Dictionary<string, JobDefinition>(StringComparer.OrdinalIgnoreCase);
        foreach (var job in jobs)
        {
            if (!known.TryGetValue(job.Label, out var other))
            {
                known.Add(job.Label, job);
            }
            else if (other.Origin.Project != job.Origin.Project)
            {
                report.Add(Rules.JobLabelOfReference,
                    $"the job '{job.Label}' is declared in {Where(other)} too, as '{other.Label}', and both projects are in one graph; labels name jobs in its log, so rename one of them", job.Origin);
            }
        }
    }

    /// <summary>A pool of the project at hand has the last word; those of references share their slots if they agree on how many.</summary>
    public IEnumerable<PoolDefinition> Settle(IEnumerable<PoolDefinition> pools, ISet<string> own)
    {
        foreach (var alike in pools.Where(pool => !own.Contains(pool.Name)).GroupBy(pool => pool.Name, StringComparer.Ordinal))
        {
            var first = alike.First();
            if (alike.FirstOrDefault(pool => pool.Slots != first.Slots) is { } other)
            {
                report.Add(Rules.PoolsOfReferencesDiffer,
                    $"the pool '{first.Name}' has {first.Slots} slots in {first.Origin.Project} and {other.Slots} in {other.Origin.Project}; declare it in this project, which then holds for all, or make them agree", other.Origin);
            }

            yield return first;
        }
    }

    private static string Where(JobDefinition job) => job.Origin.Project.Length == 0 ? "this project" : job.Origin.Project;
}
