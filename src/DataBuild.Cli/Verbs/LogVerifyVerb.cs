using DataBuild.Cli.Output;
using DataBuild.Engine.Hosting.Queries;
using static DataBuild.Cli.Output.Say;

namespace DataBuild.Cli.Verbs;

/// <summary>`log verify`: all that can be checked of a log.</summary>
internal static class LogVerifyVerb
{
    public static int Run(LogPlace place, bool json)
    {
        var check = LogCheckQuery.Answer(place);
        int exit = check.Findings.Count == 0 ? ExitCodes.Success : check.Findings[0].Code == Engine.Diagnostics.Rules.LogNotFound.Code ? ExitCodes.Invalid : ExitCodes.Failed;
        if (json)
        {
            Json.Write(check);
            return exit;
        }

        foreach (var finding in check.Findings)
        {
            Console.Error.WriteLine($"{Commands.Name}: error {finding.Code}: {finding.Text}");
        }

        if (exit == ExitCodes.Success)
        {
            using var page = Page.Stdout();
            page.Line($"{check.Log.Path} is good");
            page.Line($"  {Count((long)check.Good, "event")}: offsets without a gap, each one's check and all pages of the file");
            page.Line($"  {Number(check.Replayed)} replayed, each legal where it stands");
            page.Line(check.Snapshot == 0 ? "  no snapshot beside it" : $"  its snapshot of offset {Plain(check.Snapshot)} is what the replay gives");
        }

        return exit;
    }
}
