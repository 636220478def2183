using DataBuild.Cli.Output;
using DataBuild.Engine.Hosting.Queries;
using DataBuild.V1;
using static DataBuild.Cli.Output.Say;

namespace DataBuild.Cli.Verbs;

/// <summary>`log backup` and `log restore`.</summary>
internal static class LogCopyVerb
{
    public static int Backup(LogPlace place, string file, bool force, bool json)
    {
        var copy = LogCopies.Backup(place, file, force);
        if (json)
        {
            Json.Write(copy);
            return ExitCodes.Success;
        }

        using var page = Page.Stdout();
        page.Line($"{copy.To}: {Count((long)copy.Events, "event")}, {Bytes(copy.Bytes)}, last {TimeOrNothing(copy.LastEvent)}; every event was read back and is good");
        return ExitCodes.Success;
    }

    public static int Restore(LogPlace place, string file, string? dataRoot, bool json)
    {
        var copy = LogCopies.Restore(place, file, dataRoot);
        if (json)
        {
            Json.Write(copy);
            return ExitCodes.Success;
        }

        using var page = Page.Stdout();
        page.Line($"{copy.To}: {Count((long)copy.Events, "event")}, last {TimeOrNothing(copy.LastEvent)}, restored from {copy.From}");
        if (copy.MovedTo.Length > 0)
        {
            page.Line($"the log before is {copy.MovedTo}");
        }

        if (copy.Unknown > 0)
        {
            page.Line(new Word($"{Count(copy.Unknown, "partition")} in the data root the restored log does not know: {FirstOf(copy.UnknownRefs[0], copy.Unknown)}", Tone.Warning));
            page.Line("  `databuild adopt` takes them in as they are; otherwise the next build makes anew, over them, those that it wants");
        }
        else if (!copy.LookedAtData)
        {
            page.Line("  what was built after the backup is not known to it: `databuild adopt` takes files in as they are; otherwise the next build makes anew, over them, those that it wants");
        }

        return ExitCodes.Success;
    }
}
