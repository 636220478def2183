using System.Diagnostics;
using DataBuild.Bench.Scenarios;

namespace DataBuild.Bench;

/// <summary>Runs scenarios one after the other and keeps the result of each as soon as it is there.</summary>
internal static class Suite
{
    public static int Run(Options options)
    {
        var unknown = options.Scenarios.Except(All.Scenarios.Select(scenario => scenario.Name)).ToList();
        if (unknown.Count > 0)
        {
            throw new BenchException($"there is no scenario {string.Join(", ", unknown)}; there are {string.Join(", ", All.Scenarios.Select(scenario => scenario.Name))}");
        }

        string root = Directory.CreateDirectory(Path.Combine(options.Work, $"databuild-bench-{Environment.ProcessId}")).FullName;
        try
        {
            var bench = new Bench(options, new Native(Path.Combine(root, "native")), root);
            foreach (var scenario in All.Scenarios)
            {
                bool isAsked = options.Scenarios.Count > 0 ? options.Scenarios.Contains(scenario.Name) : Outcome.Read(options.Results, scenario.Name) is null;
                if (isAsked)
                {
                    Bench.Say($"{scenario.Name}: {scenario.Title}");
                    var watch = Stopwatch.StartNew();
                    scenario.Run(bench).Write(options.Results);
                    Bench.Say($"  in {watch.Elapsed.TotalSeconds:0} s");
                }
            }
        }
        finally
        {
            // Only now: files are made slowly on ext4 after many were deleted.
            Directory.Delete(root, recursive: true);
        }

        return 0;
    }
}
