using DataBuild.Bench.Peers;
using DataBuild.Bench.Works;
using DataBuild.V1;

namespace DataBuild.Bench.Scenarios;

/// <summary>What a build costs before it does anything: the engine's start, a want over a million partitions, and `dotnet build` around it.</summary>
internal sealed class StartScenario() : Scenario("start", "Fixed costs: the engine's start, a million wanted, `dotnet build` with nothing to do")
{
    private const int UsualRounds = 5;

    public override Outcome Run(Bench bench)
    {
        var outcome = new Outcome { Name = Name, Title = Title, Scale = bench.Scale };
        var engine = new EnginePeer(bench.Native, bench.AtOnce);
        var one = Generate.Wide(1);
        outcome.Rows.Add(Repeat(bench, "one partition made", "DataBuild", 1, () =>
        {
            string folder = bench.NewFolder();
            engine.Lay(folder, one);
            return () => engine.Run(folder);
        }));
        string made = bench.NewFolder();
        engine.Lay(made, one);
        engine.Run(made);
        outcome.Rows.Add(Repeat(bench, "one partition, nothing to do", "DataBuild", 1, () => () => engine.Run(made)));

        var plan = new EnginePeer(bench.Native, bench.AtOnce, batch: 1, EngineMode.Plan);
        int million = bench.Sized(1_000_000);
        outcome.Rows.Add(Repeat(bench, "plan of a want", "DataBuild", million, () =>
        {
            string folder = bench.NewFolder();

            // Only the set is told: no target is listed anywhere.
            plan.Lay(folder, one with { Want = $"w/{{0..{million - 1}}}" });
            return () => plan.Run(folder);
        }));
        string empty = Project(bench, "Microsoft.NET.Sdk", "<OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework>", "");
        string data = Project(bench, "DataBuild.Sdk", "<DataBuildBuildTools>false</DataBuildBuildTools>", $"""
            <Job Include="j" Project="jobs/Jobs.csproj" BatchSize="1000" />
            <Partition Include="w/{"{n:int}"}" Job="j" />
            <Want Include="w/{"{0.."}{bench.Sized(10_000) - 1}{"}"}" />
            """);
        outcome.Rows.AddRange(InTurn(bench, "`dotnet build`, nothing to do",
        [
            ("empty C# project", 0, () => Build(bench, empty)),
            ("DataBuild", bench.Sized(10_000), () => Build(bench, data)),
            ("DataBuild, without its engine", bench.Sized(10_000), () => Build(bench, data, "-p:DataBuildMode=off")),
        ]));
        return outcome;
    }

    private static Row Repeat(Bench bench, string work, string tool, int count, Func<Func<Measured>> prepare)
    {
        var row = new Row { Work = work, Tool = tool, Count = count };
        for (int round = 0; round < bench.Rounds(UsualRounds); round++)
        {
            row.Rounds.Add(prepare()());
        }

        Bench.Say($"    {work}, {tool}: {row.Wall:0.000} s");
        return row;
    }

    /// <summary>Rounds of all of them, one after the other, so that a ratio is of builds that met the same machine.</summary>
    private static List<Row> InTurn(Bench bench, string work, IReadOnlyList<(string Tool, int Count, Func<Measured> Measure)> entries)
    {
        var rows = entries.Select(entry => new Row { Work = work, Tool = entry.Tool, Count = entry.Count }).ToList();
        for (int round = 0; round < bench.Rounds(UsualRounds); round++)
        {
            for (int index = 0; index < rows.Count; index++)
            {
                rows[index].Rounds.Add(entries[index].Measure());
            }
        }

        rows.ForEach(row => Bench.Say($"    {work}, {row.Tool}: {row.Wall:0.000} s"));
        return rows;
    }

    /// <summary>A project that was built once.</summary>
    private static string Project(Bench bench, string sdk, string properties, string items)
    {
        string folder = bench.NewFolder();
        Directory.CreateDirectory(folder);
        string repository = Native.Known("Repository");
        File.WriteAllText(Path.Combine(folder, "nuget.config"), $"<configuration><fallbackPackageFolders><add key=\"databuild\" value=\"{repository}eng/sdks\" /></fallbackPackageFolders></configuration>");
        File.Copy(Path.Combine(repository, "global.json"), Path.Combine(folder, "global.json"));
        File.WriteAllText(Path.Combine(folder, "Directory.Build.rsp"), "-nr:false\n");
        string extension = sdk == "DataBuild.Sdk" ? "dbproj" : "csproj";
        File.WriteAllText(Path.Combine(folder, $"bench.{extension}"), $"""
            <Project Sdk="{sdk}">
              <PropertyGroup>{properties}</PropertyGroup>
              <ItemGroup>
            {items}
              </ItemGroup>
            </Project>
            """);
        if (extension == "csproj")
        {
            File.WriteAllText(Path.Combine(folder, "Program.cs"), "System.Console.WriteLine(\"Hello\");\n");
        }
        else
        {
            WriteJob(Directory.CreateDirectory(Path.Combine(folder, "jobs")).FullName);
        }

        Build(bench, folder);
        return folder;
    }

    private static void WriteJob(string folder)
    {
        File.WriteAllText(Path.Combine(folder, "Jobs.csproj"), "<Project Sdk=\"Microsoft.NET.Sdk\"><PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework></PropertyGroup></Project>\n");
        File.WriteAllText(Path.Combine(folder, "Program.cs"), """
            using System;
            using System.IO;
            foreach (string name in args)
            {
                string file = Path.Combine(Environment.GetEnvironmentVariable("DATABUILD_OUTPUT_ROOT")!, name);
                Directory.CreateDirectory(Path.GetDirectoryName(file)!);
                File.WriteAllText(file, name);
            }
            """);
    }

    private static Measured Build(Bench bench, string folder, params string[] more) => bench.Native.Run(new Call(folder, ["dotnet", "build", "-nologo", "-v:q", .. more]));
}
