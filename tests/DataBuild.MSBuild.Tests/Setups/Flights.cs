namespace DataBuild.MSBuild.Tests.Setups;

/// <summary>A small project whose job is a script; what it made, it says in the file `made`.</summary>
internal static class Flights
{
    public const string Items = """
          <ItemGroup>
            <Job Include="hello" Command="sh hello.sh" BatchSize="10" />
            <Partition Include="hello/{date}" Job="hello" />
            <Want Include="hello/{2001-01-01..2001-01-03}" />
          </ItemGroup>
        """;

    public const string Script = """
        echo "$@" >> made
        for ref in "$@"; do echo "$ref" > "$DATABUILD_OUTPUT_ROOT/$ref"; done

        """;

    public static Sandbox In(Sandbox sandbox, string folder = "")
    {
        sandbox.Write(Path.Combine(folder, "flights.dbproj"), Project(Items));
        sandbox.Write(Path.Combine(folder, "hello.sh"), Script);
        return sandbox;
    }

    public static Sandbox New(string parent = "") => In(new Sandbox(parent: parent, engine: Sandbox.Known("Engine")));

    public static string Project(string items, string sdk = "DataBuild.Sdk") => $"<Project Sdk=\"{sdk}\">\n{items}\n</Project>\n";

    /// <summary>How often the job was run.</summary>
    public static int Runs(this Sandbox sandbox, string folder = "") =>
        sandbox.Has(Path.Combine(folder, "made")) ? File.ReadAllLines(sandbox.PathOf(Path.Combine(folder, "made"))).Length : 0;

    public static void Edit(this Sandbox sandbox, string file, string from, string to)
    {
        string text = sandbox.Read(file);
        Assert.Contains(from, text, StringComparison.Ordinal);
        sandbox.Write(file, text.Replace(from, to, StringComparison.Ordinal));
    }

    /// <summary>A program for a job, as a .NET project; it writes the text to each of its refs.</summary>
    public static void WriteJobs(this Sandbox sandbox, string folder, string properties = "<TargetFramework>net10.0</TargetFramework>")
    {
        sandbox.Write(Path.Combine(folder, "Jobs.csproj"), $"<Project Sdk=\"Microsoft.NET.Sdk\"><PropertyGroup><OutputType>Exe</OutputType><ImplicitUsings>enable</ImplicitUsings>{properties}</PropertyGroup></Project>");
        sandbox.Write(Path.Combine(folder, "Program.cs"), """
            foreach (var name in args)
            {
                var path = Path.Combine(Environment.GetEnvironmentVariable("DATABUILD_OUTPUT_ROOT")!, name);
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                File.WriteAllText(path, name);
            }
            """);
    }
}
