using System.Globalization;
using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Files;
using DataBuild.Engine.Graph;
using DataBuild.Engine.Ports;
using DataBuild.Engine.State;
using DataBuild.V1;

namespace DataBuild.Engine.Hosting;

/// <summary>
/// Fingerprints jobs, and notices when a job's own files changed while a run of it was under way. What such a run made is of the job as
/// it was when it was queued: it is published, and stale as soon as the new fingerprint is registered.
/// </summary>
internal sealed class JobWatch(string projectFolder, IFileHashCache? hashes = null)
{
    /// <summary>How often a job may change during one build. A job that writes to itself would else run for ever.</summary>
    private const int MostChanges = 3;

    private readonly JobFingerprinter fingerprinter = new(projectFolder, hashes);
    private readonly Dictionary<string, JobFiles> files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> changes = new(StringComparer.Ordinal);

    /// <summary>What became of jobs that are looked at no more: each is an error at the end of the build.</summary>
    public List<Diagnostic> Unsettled { get; } = [];

    public JobFingerprint Fingerprint(Job job)
    {
        var fingerprint = fingerprinter.Compute(job.Definition, job.Command, out var looked);
        files[job.Label] = looked;
        return fingerprint;
    }

    /// <summary>Looks at the files of jobs of which a run has ended. The event, if any job is another one now; told of each with the file that changed.</summary>
    public BuildEvent? Look(IEnumerable<string> jobs, BuildState state, Action<Job, string> tell)
    {
        GraphRegisterEventV1? registration = null;
        foreach (string label in jobs)
        {
            // A job that left the graph while it ran is nobody's concern any more.
            if (files.TryGetValue(label, out var known) && state.Graph!.FindJob(label) is { } job && Changed(job, known) is var (file, now))
            {
                registration ??= new GraphRegisterEventV1(state.GraphRegistration!);
                int at = registration.JobFingerprints.ToList().FindIndex(fingerprint => fingerprint.Job == label);
                registration.JobFingerprints[at] = now;
                tell(job, file);
            }
        }

        return registration is null ? null : new BuildEvent { GraphRegister = registration };
    }

    /// <summary>A service runs for weeks, in which jobs are edited more often than a build allows: it counts anew each day.</summary>
    public void Forgive()
    {
        changes.Clear();
        Unsettled.Clear();
    }

    private (string File, JobFingerprint Now)? Changed(Job job, JobFiles known)
    {
        try
        {
            if (known.FirstChanged() is not { } file)
            {
                return null;
            }

            int count = changes[job.Label] = changes.GetValueOrDefault(job.Label) + 1;
            if (count <= MostChanges)
            {
                return (file, Fingerprint(job));
            }

            Unsettled.Add(Rules.JobKeepsChanging.At(
                string.Create(CultureInfo.InvariantCulture, $"'{file}' of job {job.Label} changed {count} times while the build ran; what the job made last is published and stale: let the job not write to its own files, or build again when nobody edits them"),
                job.Definition.Origin));
        }
        catch (DataBuildException e)
        {
            // Gone or unreadable since: what was made with it stands, and the next build says so before it runs anything.
            Unsettled.Add(e.Origin is null ? e.Rule.At(e.Message, job.Definition.Origin) : e.ToDiagnostic());
        }

        files.Remove(job.Label);
        return null;
    }
}
