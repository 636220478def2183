using DataBuild.Engine.Files;
using DataBuild.Engine.Graph;
using DataBuild.Engine.Reconciling;
using DataBuild.V1;

namespace DataBuild.Engine.Hosting;

/// <summary>
/// Moves the files of a logged rename and logs that it is done. Each move is one rename(2) and may have been done before: whoever
/// opens the log next goes on where a dead engine stopped.
/// </summary>
internal static class RenamedFiles
{
    /// <summary>
    /// Goes on where a dead engine stopped. Said in the log first, under an id of its own: one that is deposed by now cannot append, and
    /// so moves nothing that its successors made since.
    /// </summary>
    public static void Resume(Journal journal, DataRoot root, Func<DateTimeOffset> now)
    {
        if (journal.State.Renaming is { } rename)
        {
            string id = RunIds.Next(journal.LogId, journal.State.Offset, 0, now()).ToString("D");
            journal.Add(new BuildEvent { Rename = new RenameEventV1 { RenameId = id, Resumes = rename.RenameId } }, now());
            journal.Commit();
            Finish(journal, root, now);
        }
    }

    /// <summary>Only right after the commit that the rename, or going on with it, is stored by.</summary>
    public static void Finish(Journal journal, DataRoot root, Func<DateTimeOffset> now)
    {
        if (journal.State.Renaming is not { } rename)
        {
            return;
        }

        var names = RefRenames.Of(rename.From, rename.To);
        var mover = new RefMover(root);
        for (int id = 0; id < journal.State.Refs.Count; id++)
        {
            string to = journal.State.Refs[id];
            if (journal.State[id] is { IsLive: true, IsSource: false } && names.From(to) is { } from)
            {
                mover.Move(from, to);
            }
        }

        mover.Complete();
        journal.Add(new BuildEvent { RenameEnd = new RenameEndEventV1 { RenameId = rename.RenameId } }, now());
        journal.Commit();
    }
}
