using DataBuild.Cli.Output;
using DataBuild.V1;

namespace DataBuild.Cli.Verbs.Changing;

/// <summary>What a command did, for people.</summary>
internal static class ChangeText
{
    public static void Show(Page page, CommandReport report)
    {
        string prefix = report.Preview ? "would be so: " : "";
        page.Line(new Word($"{prefix}{report.Summary}", report.Changed ? Tone.Good : Tone.Plain));
        if (report.Families.Count > 1 || report.Refs > 1)
        {
            page.Table([.. report.Families.Select(family => new Word[] { family.Pattern, Say.Number(family.Refs) })]);
        }

        if (report.Preview)
        {
            foreach (string first in report.FirstRefs)
            {
                page.Line($"    {first}");
            }

            if (report.Refs > report.FirstRefs.Count)
            {
                page.Line(new Word($"    and {Say.Number(report.Refs - report.FirstRefs.Count)} more", Tone.Dim));
            }
        }

        foreach (string note in report.Notes)
        {
            page.Line(new Word($"note: {note}", Tone.Warning));
        }

        if (report.EnginePid != 0)
        {
            page.Line(new Word($"taken by the build under way, process {Say.Plain(report.EnginePid)}", Tone.Dim));
        }

        if (report.Preview)
        {
            page.Line(new Word("nothing was changed", Tone.Dim));
        }
    }
}
