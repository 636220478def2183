using DataBuild.Engine.Graph;
using DataBuild.Engine.Ports;
using DataBuild.Engine.Reconciling;
using DataBuild.Engine.State;

namespace DataBuild.Engine.Hosting;

/// <summary>Looks at files for the reconciler, on all cores.</summary>
internal sealed class Observer(IPartitionStore store, string projectFolder)
{
    public long Partitions { get; private set; }

    public long Sources { get; private set; }

    public ObservationReply[] LookAt(IReadOnlyList<ObservationRequest> requests, GraphLookup graph)
    {
        var replies = new ObservationReply[requests.Count];
        if (requests.Count < 64)
        {
            for (int i = 0; i < replies.Length; i++)
            {
                replies[i] = LookAt(requests[i], graph);
            }
        }
        else
        {
            Parallel.For(0, replies.Length, i => replies[i] = LookAt(requests[i], graph));
        }

        long sources = requests.Count(request => request.IsSource);
        Sources += sources;
        Partitions += requests.Count - sources;
        return replies;
    }

    private ObservationReply LookAt(ObservationRequest request, GraphLookup graph)
    {
        Span<byte> known = stackalloc byte[Fingerprint.Size];
        known = request.Content.TryWrite(known) ? known : [];
        var seen = request.IsSource
            ? store.ObservePath(Path.GetFullPath(graph.Find(request.Ref)!.SourcePath(request.Ref), projectFolder), request.Stamp, known)
            : store.Observe(request.Ref, request.Stamp, known);
        return new ObservationReply(request.Ref, seen.Exists, seen.Stamp, Fingerprint.From(seen.Fingerprint), seen.Size, ChangedFile(request.FileReads));
    }

    private string? ChangedFile(IReadOnlyList<FileReadFact> files)
    {
        foreach (var file in files)
        {
            var seen = store.ObservePath(Path.GetFullPath(file.Path, projectFolder), 0, []);
            if (Fingerprint.From(seen.Fingerprint) != file.Content)
            {
                return file.Path;
            }
        }

        return null;
    }
}
