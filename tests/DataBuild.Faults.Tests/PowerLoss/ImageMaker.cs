namespace DataBuild.Faults.Tests.PowerLoss;

/// <summary>
/// What a disk may hold after a power cut, on a file system that journals its names in order (ext4, xfs): a sync of all makes
/// everything issued before it durable; a sync of a file its content, and where that grew or the file is new all names so far; a
/// sync of a folder all names so far. A sync covers what had ended before it began. With the data root on a disk of its own, each
/// disk has its own journal and a sync of all is of one of them.
/// </summary>
internal sealed class ImageMaker
{
    private const int Block = 4096;

    private readonly Recording recording;
    private readonly Cut cut;
    private readonly Random random;
    private readonly Dictionary<int, int> durableData = [];
    private readonly HashSet<FileOp> durableNames = new(ReferenceEqualityComparer.Instance);
    private readonly bool twoDisks;
    private readonly List<FileOp>[] names;
    private readonly int[] journals = [0, 0];

    public ImageMaker(Recording recording, Cut cut, bool twoDisks = false)
    {
        this.twoDisks = twoDisks;
        names = [[.. recording.Names.Where(op => DiskOf(op) == 0)], [.. recording.Names.Where(op => DiskOf(op) == 1)]];
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
        var kept = new HashSet<FileOp>(Enumerable.Range(0, 2).SelectMany(disk => names[disk].Take(Survivors(disk))), ReferenceEqualityComparer.Instance);
        var tree = new NameTree();
        foreach (var op in recording.Names.Where(op => (cut.Survival == Survival.Synced ? durableNames : kept).Contains(op)))
        {
            if (!tree.Apply(op) && cut.Survival != Survival.Synced)
            {
                throw new InvalidOperationException($"a beginning of the names makes no sense at {op.Kind} {op.Path}");
            }
        }

        double share = random.Next(3) switch { 0 => 0, 1 => 1, _ => random.NextDouble() };
        return new Image(tree, node => Content(node, share));
    }

    private int DiskOf(FileOp op) => twoDisks && (op.Path == "data" || op.Path.StartsWith("data/", StringComparison.Ordinal)) ? 1 : 0;

    private int Survivors(int disk)
    {
        int issued = Count(names[disk], cut.Time);
        return cut.Survival switch
        {
            Survival.Journal => journals[disk],
            Survival.Random => random.Next(3) switch { 0 => journals[disk], 1 => issued, _ => random.Next(journals[disk], issued + 1) },
            _ => issued,
        };
    }

    private void Take(FileOp sync)
    {
        if (sync.Kind == OpKind.SyncAll)
        {
            // What people did between builds is on the disk, on any.
            for (int each = 0; each < 2; each++)
            {
                if (sync.Path.Length == 0 || each == DiskOf(sync))
                {
                    TakeAll(sync, each);
                }
            }

            return;
        }

        int disk = DiskOf(sync);
        int ended = Count(names[disk], sync.Begin);
        var before = names[disk].Take(ended);
        durableNames.UnionWith(before.Where(op => op.Node == sync.Node || op.Folders.First == sync.Node || op.Folders.Second == sync.Node));
        if (!recording.Data.TryGetValue(sync.Node, out var data))
        {
            journals[disk] = Math.Max(journals[disk], ended);
            return;
        }

        int durable = Count(data, sync.Begin);
        bool grew = LengthAfter(data, durable) != LengthAfter(data, durableData.GetValueOrDefault(sync.Node));
        bool isNew = before.Skip(journals[disk]).Any(op => op.Node == sync.Node);
        journals[disk] = grew || isNew ? Math.Max(journals[disk], ended) : journals[disk];
        durableData[sync.Node] = Math.Max(durable, durableData.GetValueOrDefault(sync.Node));
    }

    private void TakeAll(FileOp sync, int disk)
    {
        int ended = Count(names[disk], sync.Begin);
        journals[disk] = Math.Max(journals[disk], ended);
        durableNames.UnionWith(names[disk].Take(ended));
        foreach (var (node, ops) in recording.Data.Where(file => DiskOf(file.Value[0]) == disk))
        {
            durableData[node] = Count(ops, sync.Begin);
        }
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
