using DataBuild.Bench;
using DataBuild.Bench.Reporting;
using DataBuild.Bench.Scenarios;

// Whole processes beside their peers: `dotnet run -c Release --project bench/DataBuild.Bench -- run`, then `-- report`.
if (Options.Parse(args) is not { } options)
{
    Console.Error.WriteLine(Options.Usage);
    return 2;
}

try
{
    return options.Verb switch
    {
        "list" => List(),
        "run" => Suite.Run(options),
        _ => Page.Write(options),
    };
}
catch (BenchException e)
{
    Console.Error.WriteLine($"error: {e.Message}");
    return 1;
}

static int List()
{
    foreach (var scenario in All.Scenarios)
    {
        Console.WriteLine($"{scenario.Name,-10} {scenario.Title}");
    }

    return 0;
}
