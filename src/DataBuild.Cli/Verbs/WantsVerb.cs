using DataBuild.Cli.Output;
using DataBuild.Engine.Hosting.Queries;
using DataBuild.V1;
using static DataBuild.Cli.Output.Say;

namespace DataBuild.Cli.Verbs;

/// <summary>`wants`: what is wanted, by whom, and where it stands.</summary>
internal static class WantsVerb
{
    public static int Run(LogPlace place, string[] states, bool ended, int limit, bool json)
    {
        WantsReport report;
        using (var view = LogView.Open(place))
        {
            report = new WantsQuery(view).Answer(states, ended, limit);
        }

        return Show(report, states, json);
    }

    public static int Show(WantsReport report, string[] states, bool json)
    {
        if (json)
        {
            Json.Write(report);
            return ExitCodes.Success;
        }

        using var page = Page.Stdout();
        foreach (var want in report.Wants)
        {
            Show(page, want);
        }

        if (report.LeftOff > 0)
        {
            page.Line(new Word($"and {Number(report.LeftOff)} more; --limit or --full lists them", Tone.Dim));
        }
        else if (report.Wants.Count == 0)
        {
            page.Line(new Word(states.Length > 0 ? "no want is in such a state" : "nothing is wanted", Tone.Dim));
        }

        return ExitCodes.Success;
    }

    /// <summary>Two lines a want: what and how it stands; then where it is from and what it asks for.</summary>
    private static void Show(Page page, WantStatus want)
    {
        string counts = want.Problem.Length > 0 ? want.Problem
            : want.Ended is { } when ? $"at {Time(when)}"
            : $"{Number(want.Refs.Live)} of {Number(want.Total)} live{Rest(want.Refs)}";
        page.Line(new Word(want.Partitions, Tone.Heading), "  ", new Word(want.State, ToneOfWant(want.State)), $"  {counts}");
        var facts = new List<string> { want.WantId, $"by {want.Source}", $"since {TimeOrNothing(want.Created)}" };
        Add(facts, want.Priority != 0, $"priority {Plain(want.Priority)}");
        Add(facts, want.Ttl is not null, $"for {Spans.Text(want.Ttl)}");
        Add(facts, want.Sla is not null, $"due within {Spans.Text(want.Sla)}{(want.Deadline is { } due ? $", next by {Time(due)}" : "")}");
        Add(facts, want.ParentWantId.Length > 0, $"child of {want.ParentWantId}{(want.RootWantId != want.ParentWantId ? $", root {want.RootWantId}" : "")}, run {Short(want.RunId)}");
        Add(facts, want.Comment.Length > 0, want.Comment);
        page.Line(new Word($"  {string.Join(", ", facts)}", Tone.Dim));
    }

    private static void Add(List<string> facts, bool there, string fact)
    {
        if (there)
        {
            facts.Add(fact);
        }
    }
}
