namespace DataBuild.Faults.Tests.PowerLoss;

/// <summary>Names and what they lead to: what a file system keeps in its journal.</summary>
internal sealed class NameTree
{
    public const int RootNode = 1;

    public Entry Root { get; } = new(RootNode, isFolder: true);

    public Entry? Find(string path)
    {
        var entry = Root;
        foreach (string name in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!entry.Children.TryGetValue(name, out entry!))
            {
                return null;
            }
        }

        return entry;
    }

    public Entry? FolderOf(string path) => Find(Path.GetDirectoryName(path) ?? "");

    /// <summary>Carries out an operation on names. False if what it needs isn't there, as when an earlier one was lost.</summary>
    public bool Apply(FileOp op)
    {
        var from = FolderOf(op.Path);
        if (from is null)
        {
            return false;
        }

        string name = Path.GetFileName(op.Path);
        switch (op.Kind)
        {
            case OpKind.Create or OpKind.MakeFolder or OpKind.Symlink:
                return from.Children.TryAdd(name, new Entry(op.Node, op.Kind == OpKind.MakeFolder, op.Kind == OpKind.Symlink ? op.Other : ""));
            case OpKind.Remove:
                return from.Children.TryGetValue(name, out var removed) && removed.Node == op.Node && from.Children.Remove(name);
            case OpKind.Rename or OpKind.Exchange:
                return Move(op, from, name);
            default:
                throw new InvalidOperationException($"{op.Kind} is not about names");
        }
    }

    private bool Move(FileOp op, Entry from, string name)
    {
        var to = FolderOf(op.Other);
        string newName = Path.GetFileName(op.Other);
        if (to is null || !from.Children.TryGetValue(name, out var moved) || moved.Node != op.Node)
        {
            return false;
        }

        if (op.Kind == OpKind.Exchange)
        {
            if (!to.Children.TryGetValue(newName, out var other))
            {
                return false;
            }

            from.Children[name] = other;
        }
        else
        {
            from.Children.Remove(name);
        }

        to.Children[newName] = moved;
        return true;
    }
}
