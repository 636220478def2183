using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Graph;
using DataBuild.V1;

namespace DataBuild.Engine.State;

public sealed partial class BuildState
{
    /// <summary>The rename whose files may not stand at their new names yet; nothing may run before its end.</summary>
    public RenameEventV1? Renaming { get; private set; }

    /// <summary>
    /// The numbers of all refs stay, and what they are called changes: whatever names them by number (reads of others, taints, misses)
    /// follows by itself.
    /// </summary>
    private void Apply(RenameEventV1 rename, in Applying context)
    {
        Require(rename.RenameId.Length > 0, "a-rename-has-an-id", "a rename without an id is made");
        if (rename.Resumes.Length > 0)
        {
            Require(Renaming?.RenameId == rename.Resumes, "only-a-rename-under-way-goes-on", $"rename {rename.RenameId} goes on with {rename.Resumes}, which is not under way");
            Require(rename.From.Length + rename.To.Length == 0, "a-rename-that-goes-on-has-its-patterns", $"rename {rename.RenameId} goes on with {rename.Resumes} and names patterns");
            Renaming = new RenameEventV1(Renaming) { RenameId = rename.RenameId };
            return;
        }

        Require(Renaming is null, "one-rename-at-a-time", $"rename {rename.RenameId} begins while {Renaming?.RenameId} is under way");
        Require(Expiring is null, "nothing-is-made-while-files-are-removed", $"rename {rename.RenameId} begins while expired files are removed");
        Require(runIndex.Count == 0, "nothing-runs-during-a-rename", $"rename {rename.RenameId} begins while runs are under way");
        var renamed = Renamed(rename);
        foreach (var (id, to) in renamed)
        {
            Require(
                !Refs.TryGet(to, out int other) || !this[other].IsLive,
                "a-rename-replaces-nothing",
                $"{Refs[id]} is renamed to {to}, which is live");
        }

        Require(renamed.Any(one => this[one.Id].IsLive), "a-rename-renames-something", $"no ref of '{rename.From}' is live");
        foreach (var (id, to) in renamed)
        {
            if (Refs.TryGet(to, out int other))
            {
                ForgetAll(other);
                context.Change.Refs.Add(other);
            }

            Refs.Rename(id, to);
            context.Change.Refs.Add(id);
        }

        Renaming = rename;
        context.Change.WantsGone = true;
    }

    private void Apply(RenameEndEventV1 end, in Applying context)
    {
        Require(Renaming?.RenameId == end.RenameId, "only-a-rename-under-way-ends", $"rename {end.RenameId} is not under way");
        Renaming = null;
        context.Change.WantsGone = true;
    }

    /// <summary>Every ref of the old pattern of which something is known, with its new name.</summary>
    private List<(int Id, string To)> Renamed(RenameEventV1 rename)
    {
        try
        {
            var names = RefRenames.Of(rename.From, rename.To);
            var renamed = new List<(int Id, string To)>();
            for (int id = 0; id < Refs.Count; id++)
            {
                if ((this[id].Flags != RefFlags.None || troubles.ContainsKey(id)) && names.To(Refs[id]) is { } to)
                {
                    renamed.Add((id, to));
                }
            }

            return renamed;
        }
        catch (DataBuildException e)
        {
            throw new IllegalEventException("a-rename-keeps-placeholders", $"rename {rename.RenameId}: {e.Message}");
        }
    }

    /// <summary>What is known of a ref that was never live under this name, or is lost.</summary>
    private void ForgetAll(int id)
    {
        FactsOf(id) = default;
        changes.Remove(id);
        fileReads.Remove(id);
        ClearTrouble(id);
    }
}
