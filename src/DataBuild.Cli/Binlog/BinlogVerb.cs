using DataBuild.Cli.Output;
using DataBuild.Engine.Diagnostics;
using DataBuild.V1;

namespace DataBuild.Cli.Binlog;

/// <summary>`binlog`: what ran, why, and what failed, from a binary log of MSBuild alone.</summary>
internal static class BinlogVerb
{
    public static int Run(string path, RunChoice choice, bool json, bool full)
    {
        var report = new BinlogQuery(choice).Answer(path);
        if (json)
        {
            Json.Write(report);
        }
        else
        {
            using var page = Page.Stdout();
            new BinlogPage(page, report, choice, full).Write();
        }

        if (!report.Complete || report.Problem.Length > 0)
        {
            string why = report.Problem.Length > 0 ? $" ({report.Problem.ReplaceLineEndings(" ").TrimEnd('.')})" : "";
            var cut = Rules.BinlogCutShort.At($"the end of '{path}' is missing{why}: the build was killed or goes on, or the file is not whole. {Rules.BinlogCutShort.Cure}");
            Console.Error.WriteLine(DiagnosticText.Of(cut, projectFile: null));
        }

        return ExitCodes.Success;
    }
}
