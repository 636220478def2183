using System.Globalization;
using System.Text.RegularExpressions;

namespace DataBuild.Faults.Tests.PowerLoss;

/// <summary>All that was asked of the file system, each operation with the file that it is about, whatever name that had.</summary>
internal sealed partial class Recording
{
    private readonly NameTree tree = new();
    private readonly Dictionary<int, long> lengths = [];

    /// <summary>Where the one that opened a file last is in it.</summary>
    private readonly Dictionary<int, long> positions = [];

    private int nodes = NameTree.RootNode;

    /// <param name="ops">
    /// By the times at which they ended, as far as that can be seen from outside: of two at one time, one may need what the other did.
    /// </param>
    public Recording(IEnumerable<FileOp> ops)
    {
        var waiting = new List<FileOp>();
        foreach (var op in ops)
        {
            if (waiting.Find(early => early.End < op.Begin) is { } senseless)
            {
                throw new UnclearRecordingException($"it makes no sense at {senseless.Kind} {senseless.Path} {senseless.Other}");
            }

            if (!TryAdd(op))
            {
                waiting.Add(op);
                continue;
            }

            while (waiting.FindIndex(early => TryAdd(early with { End = Now })) is >= 0 and var added)
            {
                waiting.RemoveAt(added);
            }
        }

        if (waiting is [var left, ..])
        {
            throw new UnclearRecordingException($"it makes no sense at {left.Kind} {left.Path} {left.Other}");
        }
    }

    public List<FileOp> Names { get; } = [];

    public List<FileOp> Syncs { get; } = [];

    /// <summary>By file.</summary>
    public Dictionary<int, List<FileOp>> Data { get; } = [];

    public List<FileOp> Acknowledgements { get; } = [];

    /// <summary>The end of the last operation.</summary>
    public long Now { get; private set; }

    public Entry Root => tree.Root;

    /// <summary>Files by the inode numbers that their names held.</summary>
    public Dictionary<ulong, int> Inodes { get; } = [];

    /// <summary>False, and nothing is added, if what it is about isn't there.</summary>
    private bool TryAdd(FileOp op)
    {
        bool added = true;
        switch (op.Kind)
        {
            case OpKind.Acknowledge:
                Acknowledgements.Add(op);
                break;
            case OpKind.SyncAll:
                Syncs.Add(op);
                break;
            case OpKind.SyncFile or OpKind.Write or OpKind.SetLength when tree.Find(op.Path) is null:
                added = false;
                break;
            case OpKind.SyncFile:
                Syncs.Add(op with { Node = tree.Find(op.Path)!.Node });
                break;
            case OpKind.Write or OpKind.SetLength:
                AddData(op, tree.Find(op.Path)!.Node);
                break;
            case OpKind.Create when tree.Find(op.Path) is { } there:
                // Opened for writing, perhaps emptied: no new name.
                positions[there.Node] = op.Offset;
                if (op.Empties && lengths.GetValueOrDefault(there.Node) > 0)
                {
                    AddData(op with { Kind = OpKind.SetLength, Offset = 0 }, there.Node);
                }

                break;
            default:
                added = TryAddName(op);
                break;
        }

        Now = added ? Math.Max(Now, op.End) : Now;
        return added;
    }

    private bool TryAddName(FileOp op)
    {
        bool isNew = op.Kind is OpKind.Create or OpKind.MakeFolder or OpKind.Symlink;
        int node = isNew ? ++nodes : tree.Find(op.Path)?.Node ?? 0;
        string newName = Path.GetFileName(op.Other);
        ulong inode = op.Kind == OpKind.Rename && InodeName().Match(newName) is { Success: true } match
            ? ulong.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture)
            : 0;
        op = op with
        {
            Node = node,
            Inode = inode,
            Folders = (tree.FolderOf(op.Path)?.Node ?? 0, op.Kind is OpKind.Rename or OpKind.Exchange ? tree.FolderOf(op.Other)?.Node ?? 0 : 0),
        };
        if (!tree.Apply(op))
        {
            return false;
        }

        if (inode > 0)
        {
            Inodes[inode] = node;
        }

        if (op.Kind == OpKind.Create)
        {
            positions[node] = op.Offset;
        }

        Names.Add(op);
        return true;
    }

    private void AddData(FileOp op, int node)
    {
        long length = lengths.GetValueOrDefault(node);
        if (op.Offset == StraceReader.GoOn)
        {
            long position = positions.GetValueOrDefault(node);
            op = op with { Offset = position == StraceReader.AtEnd ? length : position };
            positions[node] = position == StraceReader.AtEnd ? position : position + op.Bytes.Length;
        }

        op = op with { Node = node };
        lengths[node] = op.Kind == OpKind.SetLength ? op.Offset : Math.Max(length, op.Offset + op.Bytes.Length);
        if (!Data.TryGetValue(node, out var ops))
        {
            Data.Add(node, ops = []);
        }

        ops.Add(op);
    }

    [GeneratedRegex("^([0-9]+)-[0-9a-f]{32}$")]
    internal static partial Regex InodeName();
}
