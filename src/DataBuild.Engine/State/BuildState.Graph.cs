using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Graph;
using DataBuild.V1;
using PartitionSet = DataBuild.Engine.Graph.PartitionSet;
using Google.Protobuf;

namespace DataBuild.Engine.State;

public sealed partial class BuildState
{
    private readonly List<JobVersion> jobVersions = [];
    private readonly Dictionary<(string Job, ByteString Fingerprint), int> jobVersionIndex = [];
    private readonly Dictionary<string, JobVersion> currentJobs = new(StringComparer.Ordinal);

    /// <summary>The graph in force; null before the first registration.</summary>
    public GraphLookup? Graph { get; private set; }

    /// <summary>The event that registered it; later ones may have registered other fingerprints of its jobs.</summary>
    public ulong GraphOffset { get; private set; }

    /// <summary>The registration in force, as logged.</summary>
    public GraphRegisterEventV1? GraphRegistration { get; private set; }

    /// <summary>The job as it is now; null for a job that the graph in force does not have.</summary>
    public JobVersion? CurrentJob(string label) => currentJobs.GetValueOrDefault(label);

    public JobVersion JobVersionAt(int index) => jobVersions[index];

    /// <summary>The version of the same job that came up before this one did; null for its first.</summary>
    public JobVersion? JobVersionBefore(JobVersion version) => jobVersions.FindLast(older => older.Index < version.Index && older.Job == version.Job);

    private void Apply(GraphRegisterEventV1 registration, in Applying context)
    {
        var before = Graph;
        bool isSame = before is not null && before.Document.Equals(registration.Graph);
        var compilation = isSame ? new GraphCompilation(before, []) : GraphCompiler.Compile(registration.Graph);
        Require(
            compilation.Graph is not null,
            "a-registered-graph-compiles",
            $"event {context.Offset} registers a graph with errors: {(compilation.Diagnostics is [var first, ..] ? first.Text : "")}");
        foreach (var job in compilation.Graph!.Jobs)
        {
            Require(
                registration.JobFingerprints.Count(fingerprint => fingerprint.Job == job.Label) == 1,
                "every-job-has-a-fingerprint",
                $"event {context.Offset} registers job {job.Label} without exactly one fingerprint");
        }

        Graph = compilation.Graph;
        GraphRegistration = registration;
        GraphOffset = isSame ? GraphOffset : context.Offset;
        currentJobs.Clear();
        foreach (var fingerprint in registration.JobFingerprints.Where(fingerprint => Graph.FindJob(fingerprint.Job) is not null))
        {
            currentJobs[fingerprint.Job] = VersionOf(fingerprint, context.Offset);
        }

        foreach (var want in wants.Values)
        {
            Bind(want);
        }

        if (before is not null && !before.Document.Sources.Equals(Graph.Document.Sources))
        {
            ForgetTurned();
        }

        context.Change.Graph = true;
    }

    /// <summary>A partition that became a source, or the other way round, is another thing of the same name.</summary>
    private void ForgetTurned()
    {
        for (int id = 0; id < Refs.Count; id++)
        {
            ref var fact = ref FactsOf(id);
            if (fact.Flags != RefFlags.None && Graph!.Find(Refs[id]) is { } family && family.IsSource != fact.IsSource)
            {
                LiveCount -= fact is { IsLive: true, IsSource: false } ? 1 : 0;
                if (fact.IsTainted)
                {
                    ForgetTaints(id);
                }

                fact = new RefFacts { ActiveRun = fact.ActiveRun };
                changes.Remove(id);
                fileReads.Remove(id);
                ClearTrouble(id);
            }
        }
    }

    /// <summary>A job that returns to what it once was is that version again: what it made then is up to date.</summary>
    private JobVersion VersionOf(JobFingerprint fingerprint, ulong offset)
    {
        var key = (fingerprint.Job, fingerprint.Fingerprint);
        if (!jobVersionIndex.TryGetValue(key, out int index))
        {
            index = jobVersions.Count;
            jobVersions.Add(new JobVersion(index, fingerprint, offset));
            jobVersionIndex.Add(key, index);
        }

        return jobVersions[index];
    }

    private void Bind(WantFacts want)
    {
        want.Set = null;
        want.Problem = "";
        if (Graph is null)
        {
            want.Problem = "no graph is registered";
            return;
        }

        try
        {
            want.Set = PartitionSet.Parse(want.Want.Partitions.Expressions, Graph, today: null);
        }
        catch (DataBuildException e)
        {
            // The graph no longer has such partitions. The want stays: a later graph may have them again.
            want.Problem = e.Message;
        }
    }
}
