using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Hosting;
using DataBuild.Engine.State;
using DataBuild.Engine.Tests.Log;
using DataBuild.Engine.Tests.State;
using DataBuild.V1;

namespace DataBuild.Engine.Tests.Files;

/// <summary>The files of a rename whose engine died: moved by who holds the log, and by nobody else.</summary>
public sealed class ResumedRenameTests : IDisposable
{
    private static readonly Func<DateTimeOffset> now = () => new DateTimeOffset(2001, 6, 15, 12, 0, 0, TimeSpan.Zero);

    private readonly TempRoot temp = new();

    public void Dispose() => temp.Dispose();

    /// <summary>An engine that has just opened the log, in which a rename is under way.</summary>
    private static Journal Opened(InMemoryBuildEventLog log)
    {
        var story = new Story().Publish();
        return new Journal(log, story.Apply(story.Rename("r1")).State);
    }

    [Fact]
    public void It_is_said_in_the_log_and_then_done()
    {
        TempRoot.Run(temp.Store(), "r", [Story.Ref], (Story.Ref, "1"));
        var log = new InMemoryBuildEventLog();
        RenamedFiles.Resume(Opened(log), temp.Open(), now);
        Assert.Equal("renamed/1=1", temp.Published());
        var events = log.Read(1).Select(stored => stored.Event).ToList();
        Assert.Equal(("r1", events[1].RenameEnd.RenameId), (events[0].Rename.Resumes, events[0].Rename.RenameId));
        Assert.Equal(2, events.Count);
    }

    [Fact]
    public void One_that_was_deposed_before_its_moves_moves_nothing()
    {
        TempRoot.Run(temp.Store(), "r", [Story.Ref], (Story.Ref, "1"));
        var log = new InMemoryBuildEventLog();
        var paused = Opened(log);
        var leader = Opened(log.Reopen());
        RenamedFiles.Resume(leader, temp.Open(), now);

        // The leader has finished, and later made something of the old name.
        TempRoot.Run(temp.Store(term: 2), "s", [Story.Ref], (Story.Ref, "new"));
        File.Delete(Path.Join(temp.Data, "renamed", "1"));
        TempRoot.Refused(Rules.LeaseLost, () => RenamedFiles.Resume(paused, temp.Open(), now));
        Assert.Equal("a/1=new", temp.Published().Replace("renamed/; ", "", StringComparison.Ordinal).Replace("; renamed/", "", StringComparison.Ordinal));
    }

    [Fact]
    public void Where_no_rename_is_under_way_nothing_is_said()
    {
        var log = new InMemoryBuildEventLog();
        RenamedFiles.Resume(new Journal(log, new Story().Publish().State), temp.Open(), now);
        Assert.Empty(log.Read(1));
    }
}
