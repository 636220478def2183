using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Files;
using DataBuild.Engine.Graph;
using DataBuild.Engine.Ports;
using DataBuild.Engine.State;
using DataBuild.V1;
using Google.Protobuf;

namespace DataBuild.Engine.Hosting.Commands;

/// <summary>`adopt`: existing files become live instances, held to be made from what their families need.</summary>
internal sealed class Adopting
{
    /// <summary>Most refs, and most reads, of one event.</summary>
    private const int MostRefs = 1_000;

    private const int MostReads = 20_000;

    /// <summary>Refs whose files are looked at together.</summary>
    private const int Chunk = 10_000;

    private readonly CommandContext context;
    private readonly CommandFiles files;
    private readonly GraphLookup graph;
    private readonly Dictionary<string, FileObservation> found = new(StringComparer.Ordinal);
    private readonly List<string> refs = [];
    private readonly Dictionary<string, FileObservation> sources = new(StringComparer.Ordinal);
    private long live;
    private long absent;

    private Adopting(CommandContext context)
    {
        this.context = context;
        files = context.Files ?? throw new InvalidOperationException("adopting looks at files");
        graph = context.Graph;
    }

    public static CommandDecision Decide(AdoptCommand command, CommandContext context)
    {
        if (command.All == (command.Partitions is { Expressions.Count: > 0 }))
        {
            throw new DataBuildException(Rules.BadArguments, "adopt takes either sets of partitions or --all");
        }

        return new Adopting(context).Decide(command);
    }

    private CommandDecision Decide(AdoptCommand command)
    {
        var named = command.All ? DataRootWalk.Refs(files.Root.FullPath, graph) : context.Set(command.Partitions).Enumerate();
        foreach (var chunk in named.Chunk(Chunk))
        {
            Find(chunk);
        }

        if (refs.Count == 0 && live == 0 && !command.All)
        {
            throw new DataBuildException(
                Rules.NothingToAdopt, $"no partition of '{string.Join("; ", command.Partitions.Expressions)}' has a file or folder below '{files.Root.FullPath}'; put the files there, or correct the set");
        }

        var decision = new CommandDecision().About(graph, refs);
        Add(decision, command.Comment);
        var unknown = refs.Select(@ref => graph.Find(@ref)!).Distinct().Where(family => !family.HasNeeds).Select(family => family.Pattern.Text).ToList();
        if (unknown.Count > 0)
        {
            decision.Report.Notes.Add(
                $"what {string.Join(", ", unknown)} read is not known, since the project declares no Needs: they are rebuilt when their jobs change or they are tainted, and know their inputs from then on");
        }

        return decision.Says(
            $"{CommandDecision.Count(refs.Count)} adopted, nothing ran{(live > 0 ? $"; {live} were live" : "")}{(absent > 0 ? $"; {absent} have no file" : "")}");
    }

    private void Find(string[] chunk)
    {
        var wanted = new List<(string, ulong)>();
        foreach (string @ref in chunk)
        {
            if (graph.Find(@ref) is not { IsSource: false })
            {
                throw new DataBuildException(Rules.BadArguments, $"'{@ref}' is a source: it is looked at by itself, and cannot be adopted");
            }

            if (context.State.Refs.TryGet(@ref, out int id) && context.State[id].IsLive)
            {
                live++;
            }
            else
            {
                wanted.Add((@ref, Stamp.Untrusted));
            }
        }

        var seen = files.Store.ObserveMany(wanted);
        for (int i = 0; i < wanted.Count; i++)
        {
            if (seen[i].Exists)
            {
                refs.Add(wanted[i].Item1);
                found[wanted[i].Item1] = seen[i];
            }
            else
            {
                absent++;
            }
        }
    }

    private void Add(CommandDecision decision, string comment)
    {
        var adopted = new AdoptEventV1 { Comment = comment };
        int reads = 0;
        var events = new List<BuildEvent>();
        foreach (string @ref in refs)
        {
            var seen = found[@ref];
            var partition = new AdoptedPartition
            {
                Ref = @ref,
                ContentFingerprint = ByteString.CopyFrom(seen.Fingerprint),
                Size = (ulong)seen.Size,
                Stamp = seen.Stamp,
                Folder = seen.IsFolder,
            };
            partition.Reads.AddRange(Inputs(@ref).Select(ReadOf).OfType<Read>());
            reads += partition.Reads.Count;
            adopted.Partitions.Add(partition);
            if (adopted.Partitions.Count == MostRefs || reads >= MostReads)
            {
                events.Add(new BuildEvent { Adopt = adopted });
                adopted = new AdoptEventV1 { Comment = comment };
                reads = 0;
            }
        }

        if (adopted.Partitions.Count > 0)
        {
            events.Add(new BuildEvent { Adopt = adopted });
        }

        // Sources first: what was read of them is what they are now.
        decision.Events.AddRange(SourceEvents());
        decision.Events.AddRange(events);
    }

    /// <summary>What its family needs, and what a lost instance of it is remembered to have read.</summary>
    private IEnumerable<string> Inputs(string @ref)
    {
        var needs = graph.Find(@ref)!.Needs(@ref);
        var remembered = context.State.Refs.TryGet(@ref, out int id) ? context.State[id].Reads ?? [] : [];
        return needs.Concat(remembered.Select(read => context.State.Refs[read.Ref])).Distinct(StringComparer.Ordinal);
    }

    /// <summary>Null for an input that is not there: none is required of data that is there already.</summary>
    private Read? ReadOf(string input)
    {
        if (graph.Find(input) is { IsSource: true })
        {
            if (!sources.TryGetValue(input, out var source))
            {
                sources.Add(input, source = files.LookAtSource(input));
            }

            return source.Exists ? new Read { Ref = input, ContentFingerprint = ByteString.CopyFrom(source.Fingerprint) } : null;
        }

        if (found.TryGetValue(input, out var adopted))
        {
            return new Read { Ref = input, ContentFingerprint = ByteString.CopyFrom(adopted.Fingerprint) };
        }

        return context.State.Refs.TryGet(input, out int id) && context.State[id] is { IsLive: true } there
            ? new Read { Ref = input, ContentFingerprint = there.Content.ToByteString(), RunId = there.LiveRun == Guid.Empty ? "" : there.LiveRun.ToString("D") }
            : null;
    }

    private IEnumerable<BuildEvent> SourceEvents()
    {
        foreach (var chunk in sources.Where(Differs).Chunk(Chunk))
        {
            var observe = new ObserveEventV1();
            observe.Observations.AddRange(chunk.Select(source => new Observation
            {
                Ref = source.Key,
                Presence = source.Value.Exists ? Presence.Present : Presence.Absent,
                ContentFingerprint = ByteString.CopyFrom(source.Value.Fingerprint),
                Stamp = source.Value.Stamp,
                Size = (ulong)source.Value.Size,
            }));
            yield return new BuildEvent { Observe = observe };
        }
    }

    private bool Differs(KeyValuePair<string, FileObservation> source)
    {
        var known = context.State.Refs.TryGet(source.Key, out int id) ? context.State[id] : default;
        return source.Value.Exists != known.IsLive || (source.Value.Exists && Fingerprint.From(source.Value.Fingerprint) != known.Content);
    }
}
