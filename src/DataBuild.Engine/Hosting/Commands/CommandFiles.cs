using DataBuild.Engine.Files;
using DataBuild.Engine.Ports;
using DataBuild.Engine.Reconciling;
using DataBuild.Engine.State;

namespace DataBuild.Engine.Hosting.Commands;

/// <summary>What a command sees of the data root and of sources. Differences from the log become events, as in any build.</summary>
internal sealed class CommandFiles(Journal journal, DataRoot root, IPartitionStore store, string projectFolder, Func<DateTimeOffset> clock)
{
    public DataRoot Root => root;

    public IPartitionStore Store => store;

    /// <summary>Looks at live refs and at all that they read, by the very decider that a build uses.</summary>
    public void Look(IReadOnlyList<string> refs)
    {
        var observer = new Observer(store, projectFolder);
        var options = new ReconcilerOptions { LogId = journal.LogId, SessionStart = journal.State.Offset, WantIds = [], Refs = refs };
        var reconciler = new Reconciler(journal.State, options, new Moment(clock()));
        Looking.Settle(reconciler, journal, observer, clock);
    }

    /// <summary>Files outside the graph that these refs read and that are another content now, with that.</summary>
    public Dictionary<string, Fingerprint> ChangedReads(IReadOnlyList<int> ids)
    {
        var now = new Dictionary<string, Fingerprint>(StringComparer.Ordinal);
        var changed = new Dictionary<string, Fingerprint>(StringComparer.Ordinal);
        foreach (var read in ids.SelectMany(journal.State.FileReadsOf))
        {
            if (!now.TryGetValue(read.Path, out var content))
            {
                now.Add(read.Path, content = Fingerprint.From(store.ObservePath(Path.GetFullPath(read.Path, projectFolder), 0, []).Fingerprint));
            }

            if (content != read.Content)
            {
                changed[read.Path] = content;
            }
        }

        return changed;
    }

    /// <summary>A source as it is now.</summary>
    public FileObservation LookAtSource(string @ref) =>
        store.ObservePath(Path.GetFullPath(journal.State.Graph!.Find(@ref)!.SourcePath(@ref), projectFolder), 0, []);
}
