using DataBuild.Engine.Files;
using DataBuild.Engine.Graph;
using DataBuild.Engine.Reconciling;
using DataBuild.Engine.State;

namespace DataBuild.Engine.Hosting.Planning;

/// <summary>
/// Answers the reconciler's questions about files on a machine that has the code and not the data: partitions are what the log says.
/// A source that is here is looked at, by its content and never by its times, which are this machine's; one that is not is taken as the
/// log knows it.
/// </summary>
internal sealed class AbsentFiles(BuildState state, string projectFolder)
{
    /// <summary>Stands for the content of a source that nobody has seen: equal to nothing that was ever read.</summary>
    private static readonly Fingerprint unseen = new(0, 1);

    private readonly FileObserver files = new();

    public long Seen { get; private set; }

    public long Taken { get; private set; }

    public long Unknown { get; private set; }

    public ObservationReply LookAt(ObservationRequest request, GraphLookup graph)
    {
        if (!request.IsSource)
        {
            return new ObservationReply(request.Ref, Exists: true, request.Stamp, request.Content, 0, ChangedFile(request.FileReads));
        }

        var seen = files.Observe(Path.GetFullPath(graph.Find(request.Ref)!.SourcePath(request.Ref), projectFolder), Stamp.Untrusted, []);
        if (seen.Exists)
        {
            Seen++;
            return new ObservationReply(request.Ref, Exists: true, seen.Stamp, Fingerprint.From(seen.Fingerprint), seen.Size, null);
        }

        bool isKnown = state.Refs.TryGet(request.Ref, out int id) && state[id].IsLive;
        Taken += isKnown ? 1 : 0;
        Unknown += isKnown ? 0 : 1;
        return new ObservationReply(request.Ref, Exists: true, isKnown ? request.Stamp : Stamp.Untrusted, isKnown ? request.Content : unseen, 0, null);
    }

    /// <summary>Other files that a run read are mostly of the project, and then here.</summary>
    private string? ChangedFile(IReadOnlyList<FileReadFact> reads)
    {
        foreach (var file in reads)
        {
            var seen = files.Observe(Path.GetFullPath(file.Path, projectFolder), Stamp.Untrusted, []);
            if (seen.Exists && Fingerprint.From(seen.Fingerprint) != file.Content)
            {
                return file.Path;
            }
        }

        return null;
    }
}
