using DataBuild.Engine.State;
using DataBuild.V1;

namespace DataBuild.Engine.Hosting.Queries;

/// <summary>A row a job: what it has live and under way. Jobs that left the graph come last, as what they left is met.</summary>
internal sealed class JobRows
{
    private readonly Dictionary<string, JobStatus> rows;

    public JobRows(BuildState state)
    {
        rows = state.Graph!.Jobs.ToDictionary(job => job.Label, job => new JobStatus { Job = job.Label }, StringComparer.Ordinal);
        for (int id = 0; id < state.Refs.Count; id++)
        {
            if (state[id] is { IsLive: true, IsSource: false } live)
            {
                this[state.JobVersionAt(live.JobVersion).Job].Live++;
            }
        }

        foreach (var run in state.ActiveRuns)
        {
            this[run.Job].Building += run.Refs.Length;
        }
    }

    public IEnumerable<JobStatus> All => rows.Values;

    public JobStatus this[string job]
    {
        get
        {
            if (!rows.TryGetValue(job, out var row))
            {
                rows.Add(job, row = new JobStatus { Job = job, Gone = true });
            }

            return row;
        }
    }
}
