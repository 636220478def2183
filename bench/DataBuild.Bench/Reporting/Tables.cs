using System.Globalization;
using System.Text;
using DataBuild.Bench.Scenarios;

namespace DataBuild.Bench.Reporting;

/// <summary>The tables of one scenario.</summary>
internal static class Tables
{
    public static void Append(StringBuilder page, Outcome outcome)
    {
        page.Append(CultureInfo.InvariantCulture, $"\n## {outcome.Title}\n");
        foreach (var group in outcome.Rows.GroupBy(row => row.Work))
        {
            var rows = group.ToList();
            if (outcome.Rows.Select(row => row.Work).Distinct().Count() > 1)
            {
                page.Append(CultureInfo.InvariantCulture, $"\n*{char.ToUpperInvariant(group.Key[0])}{group.Key[1..]}*\n");
            }

            if (outcome.Floors.Count > 0)
            {
                page.Append(CultureInfo.InvariantCulture, $"\nSpawn floor: {outcome.Floor:0.000} ms a process.\n");
            }

            AppendRows(page, rows, outcome.Floors.Count > 0 ? outcome.Floor : null);
        }

        if (outcome.Figures.Count > 0)
        {
            page.Append("\n| | |\n| --- | --- |\n");
            foreach (var (name, value) in outcome.Figures)
            {
                page.Append(CultureInfo.InvariantCulture, $"| {name} | {value.ToString(value >= 100 ? "N0" : "0.###", CultureInfo.InvariantCulture)} |\n");
            }
        }
    }

    private static void AppendRows(StringBuilder page, List<Row> rows, double? floor)
    {
        bool perJob = floor is not null;
        var ninja = rows.FirstOrDefault(row => row.Tool.StartsWith("ninja", StringComparison.Ordinal) && row.Rounds.Count > 0);
        page.Append(perJob ? "\n| | jobs | wall s | ms a job | overhead ms a job | CPU s | CPU of jobs s | peak MiB | a job, x ninja |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n"
            : "\n| | targets | wall s | CPU s | CPU of jobs s | peak MiB | x ninja |\n| --- | --- | --- | --- | --- | --- | --- |\n");
        foreach (var row in rows)
        {
            if (row.Rounds.Count == 0)
            {
                page.Append(CultureInfo.InvariantCulture, $"| {row.Tool} | {row.Note} |{string.Concat(Enumerable.Repeat(" |", perJob ? 7 : 5))}\n");
                continue;
            }

            page.Append(CultureInfo.InvariantCulture, $"| {row.Tool} | {row.Count:N0} | {row.Wall:0.000} |");
            if (floor is { } spawn)
            {
                double each = row.Wall * 1000 / row.Count;
                page.Append(CultureInfo.InvariantCulture, $" {each:0.000} | {each - (spawn * row.Processes / row.Count):0.000} |");
            }

            page.Append(CultureInfo.InvariantCulture, $" {row.Own:0.00} | {row.Children:0.00} | {row.Peak:0} | {Ratio(row, ninja, perJob)} |\n");
        }
    }

    private static string Ratio(Row row, Row? ninja, bool perJob) =>
        ninja is null || (!perJob && row.Count != ninja.Count) ? ""
        : (row.Wall / row.Count / (ninja.Wall / ninja.Count)).ToString("0.00", CultureInfo.InvariantCulture);
}
