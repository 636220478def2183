using DataBuild.Cli.Output;
using DataBuild.Engine.Hosting.Queries;
using DataBuild.V1;

namespace DataBuild.Cli.Verbs;

/// <summary>`graph`: families and what they read, or what one ref was made from and what from it.</summary>
internal sealed class GraphVerb(bool json, GraphFormat format)
{
    public const int MostRefs = 200;

    public int Run(LogPlace place, string? job, string? reference, int depth, int? limit)
    {
        GraphReport report;
        using (var view = LogView.Open(place))
        {
            report = reference is null ? new GraphQuery(view).Answer(job) : new LineageQuery(view, reference, limit ?? MostRefs).Answer(depth);
        }

        return Show(report);
    }

    public int Show(GraphReport report)
    {
        if (json)
        {
            Json.Write(report);
            return ExitCodes.Success;
        }

        using var page = format == GraphFormat.Text ? Page.Stdout() : Page.Plain();
        switch (format)
        {
            case GraphFormat.Dot: GraphDot.Write(page, report); break;
            case GraphFormat.Mermaid: GraphMermaid.Write(page, report); break;
            default: GraphText.Write(page, report); break;
        }

        return ExitCodes.Success;
    }
}
