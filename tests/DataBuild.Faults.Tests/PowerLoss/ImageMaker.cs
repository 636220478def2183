namespace DataBuild.Faults.Tests.PowerLoss;

/// <summary>
/// What a disk may hold after a power cut, on a file system that journals its names in order (ext4, xfs): a sync of all makes
/// everything issued before it durable; a sync of a file its content, and where that grew or the file is new all names so far; a
/// sync of a folder all names so far. A sync covers what had ended before it began.
/// </summary>
internal sealed class ImageMaker
{
    private const int Block = 4096;

    private readonly Recording recording;
    private readonly Cut cut;
    private readonly Random random;
    private readonly Dictionary<int, int> durableData = [];
    private readonly HashSet<FileOp> durableNames = new(ReferenceEqualityComparer.Instance);
    private int journal;

    public ImageMaker(Recording recording, Cut cut)
    {
        this.recording = recording;
        this.cut = cut;
        random = new Random(cut.Seed);
        foreach (var sync in recording.Syncs.TakeWhile(sync => sync.End <= cut.Time))
        {
            Take(sync);
        }
    }

    public Image Make()
    {
        int issued = Count(recording.Names, cut.Time);
        int names = cut.Survival switch
        {
            Survival.Journal => journal,
            Survival.Random => random.Next(3) switch { 0 => journal, 1 => issued, _ => random.Next(journal, issued + 1) },
            _ => issued,
        };
        var tree = new NameTree();
        foreach (var op in recording.Names.Take(names))
        {
            if (cut.Survival != Survival.Synced)
            {
                Require(tree.Apply(op));
            }
            else if (durableNames.Contains(op))
            {
                _ = tree.Apply(op);
            }
        }

        double share = random.Next(3) switch { 0 => 0, 1 => 1, _ => random.NextDouble() };
        return new Image(tree, node => Content(node, share));
    }

    private static void Require(bool applied)
    {
        if (!applied)
        {
            throw new InvalidOperationException("a prefix of the names makes no sense");
        }
    }

    private void Take(FileOp sync)
    {
        int names = Count(recording.Names, sync.Begin);
        if (sync.Kind == OpKind.SyncAll)
        {
            journal = Math.Max(journal, names);
            durableNames.UnionWith(recording.Names.Take(names));
            foreach (var (node, ops) in recording.Data)
            {
                durableData[node] = Count(ops, sync.Begin);
            }

            return;
        }

        var before = recording.Names.Take(names);
        durableNames.UnionWith(before.Where(op => op.Node == sync.Node || op.Folders.First == sync.Node || op.Folders.Second == sync.Node));
        if (!recording.Data.TryGetValue(sync.Node, out var data))
        {
            journal = Math.Max(journal, names);
            return;
        }

        int durable = Count(data, sync.Begin);
        bool grew = LengthAfter(data, durable) != LengthAfter(data, durableData.GetValueOrDefault(sync.Node));
        bool isNew = recording.Names.Skip(journal).Take(names - journal).Any(op => op.Node == sync.Node);
        journal = grew || isNew ? Math.Max(journal, names) : journal;
        durableData[sync.Node] = Math.Max(durable, durableData.GetValueOrDefault(sync.Node));
    }

    private byte[] Content(int node, double share)
    {
        if (!recording.Data.TryGetValue(node, out var data))
        {
            return [];
        }

        int issued = Count(data, cut.Time);
        int durable = durableData.GetValueOrDefault(node);
        switch (cut.Survival)
        {
            case Survival.All:
                return After(data, issued);
            case not Survival.Random:
                return After(data, durable);
        }

        // Each block as it was at some time since the sync, whatever its neighbours are.
        var content = After(data, durable);
        var versions = new Dictionary<long, List<byte[]>>();
        var current = content;
        for (int i = durable; i < issued; i++)
        {
            current = Apply(current, data[i]);
            for (long block = data[i].Offset / Block; block * Block < data[i].Offset + data[i].Bytes.Length; block++)
            {
                (versions.TryGetValue(block, out var known) ? known : versions[block] = []).Add(Slice(current, block));
            }
        }

        int lengthOf = share == 0 ? durable : share == 1 ? issued : random.Next(durable, issued + 1);
        Array.Resize(ref content, (int)LengthAfter(data, lengthOf));
        foreach (var (block, candidates) in versions)
        {
            if (random.NextDouble() < share && block * Block < content.Length)
            {
                var chosen = share == 1 ? candidates[^1] : candidates[random.Next(candidates.Count)];
                chosen.AsSpan(0, (int)Math.Min(chosen.Length, content.Length - (block * Block))).CopyTo(content.AsSpan((int)(block * Block)));
            }
        }

        return content;
    }

    private static byte[] Slice(byte[] content, long block) => content[(int)(block * Block)..(int)Math.Min(content.Length, (block + 1) * Block)];

    private static byte[] After(List<FileOp> data, int count)
    {
        var content = new byte[data.Take(count).Select(op => op.Kind == OpKind.Write ? op.Offset + op.Bytes.Length : 0).DefaultIfEmpty().Max()];
        long length = 0;
        foreach (var op in data.Take(count))
        {
            if (op.Kind == OpKind.Write)
            {
                op.Bytes.CopyTo(content.AsSpan((int)op.Offset));
                length = Math.Max(length, op.Offset + op.Bytes.Length);
            }
            else
            {
                content = op.Offset > content.Length ? [.. content, .. new byte[op.Offset - content.Length]] : content;
                content.AsSpan((int)Math.Min(op.Offset, length)).Clear();
                length = op.Offset;
            }
        }

        return content[..(int)length];
    }

    private static byte[] Apply(byte[] content, FileOp op)
    {
        var next = new byte[op.Kind == OpKind.SetLength ? op.Offset : Math.Max(content.Length, op.Offset + op.Bytes.Length)];
        content.AsSpan(0, Math.Min(content.Length, next.Length)).CopyTo(next);
        op.Bytes.CopyTo(next.AsSpan((int)(op.Kind == OpKind.SetLength ? 0 : op.Offset)));
        return next;
    }

    private static long LengthAfter(List<FileOp> data, int count)
    {
        long length = 0;
        foreach (var op in data.Take(count))
        {
            length = op.Kind == OpKind.SetLength ? op.Offset : Math.Max(length, op.Offset + op.Bytes.Length);
        }

        return length;
    }

    /// <summary>How many had ended by then; they are in that order.</summary>
    private static int Count(List<FileOp> ops, long time)
    {
        int low = 0, high = ops.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = ops[middle].End <= time ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
