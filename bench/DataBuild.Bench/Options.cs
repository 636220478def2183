using System.Globalization;

namespace DataBuild.Bench;

/// <summary>What the command line says.</summary>
internal sealed record Options
{
    public const string Usage = """
        databuild-bench run [SCENARIO...]   measures; without names, what no result is there of yet
        databuild-bench report              renders the results as a page
        databuild-bench list                names the scenarios

          --results FOLDER   where results are, a JSON file a scenario (bin/results)
          --work FOLDER      where rounds take place; each in a folder of its own, all removed at the end (the temp folder)
          --scale FACTOR     so much of every size (1)
          --rounds N         instead of each scenario's own number
          --page FILE        the page to write (docs/performance.md)
        """;

    public required string Verb { get; init; }

    public List<string> Scenarios { get; init; } = [];

    public string Results { get; set; } = Path.Combine(AppContext.BaseDirectory, "..", "..", "results");

    public string Work { get; set; } = Path.GetTempPath();

    public double Scale { get; set; } = 1;

    public int? Rounds { get; set; }

    public string? Page { get; set; }

    /// <summary>Null where they make no sense.</summary>
    public static Options? Parse(string[] words)
    {
        var options = new Options { Verb = words.FirstOrDefault() ?? "" };
        if (options.Verb is not ("run" or "report" or "list"))
        {
            return null;
        }

        for (int i = 1; i < words.Length; i++)
        {
            if (!words[i].StartsWith("--", StringComparison.Ordinal))
            {
                options.Scenarios.Add(words[i]);
                continue;
            }

            if (i + 1 == words.Length || !options.Set(words[i], words[++i]))
            {
                return null;
            }
        }

        return options;
    }

    private bool Set(string name, string value)
    {
        switch (name)
        {
            case "--results": Results = Path.GetFullPath(value); return true;
            case "--work": Work = Path.GetFullPath(value); return true;
            case "--page": Page = Path.GetFullPath(value); return true;
            case "--scale":
                Scale = double.TryParse(value, CultureInfo.InvariantCulture, out double scale) ? scale : 0;
                return Scale > 0;
            case "--rounds":
                Rounds = int.TryParse(value, CultureInfo.InvariantCulture, out int rounds) ? rounds : 0;
                return Rounds > 0;
            default: return false;
        }
    }
}
