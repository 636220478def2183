using DataBuild.Cli.Output;
using DataBuild.Engine.Hosting.Queries;
using DataBuild.V1;

namespace DataBuild.Cli.Verbs;

/// <summary>`why REF`: why a partition is as it is.</summary>
internal static class WhyVerb
{
    public static int Run(LogPlace place, string @ref, ulong? at, bool json, bool full)
    {
        WhyReport report;
        using (var view = LogView.Open(place))
        {
            report = new WhyQuery(view, @ref, at).Answer();
        }

        return Show(report, json, full);
    }

    public static int Show(WhyReport report, bool json, bool full)
    {
        if (json)
        {
            Json.Write(report);
        }
        else
        {
            using var page = Page.Stdout();
            new WhyText(page, report, full).Write();
        }

        return ExitCodes.Success;
    }
}
