using System.Globalization;
using System.Text;
using DataBuild.Bench.Scenarios;

namespace DataBuild.Bench.Reporting;

/// <summary>The page of figures, made from the results and from nothing else.</summary>
internal static class Page
{
    public static int Write(Options options)
    {
        var results = All.Scenarios
            .Select(scenario => Outcome.Read(options.Results, scenario.Name))
            .OfType<Outcome>()
            .ToDictionary(outcome => outcome.Name, StringComparer.Ordinal);
        if (results.Count == 0)
        {
            throw new BenchException($"there are no results in '{Path.GetFullPath(options.Results)}'; measure first, with `run`");
        }

        string file = options.Page ?? Path.Combine(Native.Known("Repository"), "docs", "performance.md");
        File.WriteAllText(file, Render(results, options.Work) + HandWritten(file));
        Bench.Say($"{file}: {results.Count} of {All.Scenarios.Count} scenarios");
        return 0;
    }

    /// <summary>What is told in words of one measurement stays as it is: the page's last section.</summary>
    private static string HandWritten(string file)
    {
        string page = File.Exists(file) ? File.ReadAllText(file) : "";
        int start = page.IndexOf("\n## Where the time of a `dotnet build` goes\n", StringComparison.Ordinal);
        return start < 0 ? "" : page[start..];
    }

    private static string Render(Dictionary<string, Outcome> results, string work)
    {
        var page = new StringBuilder("""
            # Performance

            Made by `bench/DataBuild.Bench`, from measurements on one machine:

            ```
            dotnet run -c Release --project bench/DataBuild.Bench -- run
            dotnet run -c Release --project bench/DataBuild.Bench -- report
            ```

            Absolute times hold for that machine; ratios within one run are what counts.


            """.ReplaceLineEndings("\n"));
        foreach (var (name, value) in Machine.Facts(work))
        {
            page.Append(CultureInfo.InvariantCulture, $"- {name}: {value}\n");
        }

        foreach (double scale in results.Values.Select(outcome => outcome.Scale).Distinct().Where(scale => scale != 1))
        {
            page.Append(CultureInfo.InvariantCulture, $"\n**Not the full sizes: measured at {scale} of them. The targets below do not apply.**\n");
        }

        page.Append("""

            How it is measured. The job is a static C program that writes 17 bytes which follow from the name of its output. Each tool does the same generated work, as many jobs at once as there are processors; tools take turns within a round and the one that begins changes; each has a new folder in each round, and nothing is deleted between rounds. After each build every output is compared byte for byte with what it must be. Figures are medians. *Overhead* is (wall - spawn floor) / jobs, where the spawn floor is what starting that many processes takes by `posix_spawn` alone, measured in the same run: what no tool can be quicker than. *CPU* is that of the tool's own process; that of its jobs, and of shells between, is in the next column. Tools that would take minutes are given fewer jobs, as the table says; only times a job can then be compared.

            DataBuild is its engine as `dotnet build` starts it, as a process of its own, cold, its durable log included; what MSBuild adds is in the last tables. ninja starts every command through `/bin/sh`; *ninja, no shell* is ninja with that shell replaced by a program which only starts the command (a bind mount in a private mount namespace): not ninja as anybody has it, but the bar for a scheduler in C. make starts such commands without a shell by itself.

            ## Targets

            | work | target | here | |
            | --- | --- | --- | --- |

            """.ReplaceLineEndings("\n"));
        var targets = Targets.Of(results);
        foreach (var target in targets)
        {
            string verdict = target.IsMet switch { true => "met", false => "**missed**", null => "" };
            page.Append(CultureInfo.InvariantCulture, $"| {target.Work} | {target.Bar} | {target.Text} | {verdict} |\n");
        }

        page.Append("\nNot measured, since it is not there yet: C# jobs as persistent workers. A service under load is tested, not benchmarked: `DATABUILD_LOAD=120 dotnet test tests/DataBuild.Remote.Tests -c Release --filter LoadTests` sends 200 wants a second to a service with eight watchers for two minutes, and then kills it again and again while wants come in.\n");
        var missed = targets.Where(target => target.IsMet == false).ToList();
        if (missed.Count > 0)
        {
            page.Append("\nWhy targets are missed:\n\n");
            missed.ForEach(target => page.Append(CultureInfo.InvariantCulture, $"- {target.Work}: {target.Missed}.\n"));
        }

        foreach (var outcome in results.Values)
        {
            Tables.Append(page, outcome);
        }

        return page.ToString();
    }
}
