namespace DataBuild.MSBuild.Tests.Setups;

/// <summary>What an edit of the project costs.</summary>
public sealed class EditTests
{
    [Fact]
    public void An_edited_line_of_the_project_compiles_the_graph_and_neither_builds_a_job_project_nor_runs_anything()
    {
        using var sandbox = Flights.New();
        sandbox.WriteJobs("jobs");
        sandbox.Edit("flights.dbproj", "Command=\"sh hello.sh\"", "Project=\"jobs/Jobs.csproj\"");
        sandbox.Dotnet("build").Succeeded().Says("flights -> 3 built");
        string program = sandbox.PathOf("jobs/bin/databuild/net10.0/Jobs.dll");
        var (built, graph) = (File.GetLastWriteTimeUtc(program), sandbox.Read("obj/databuild/graph.json"));

        sandbox.Edit("flights.dbproj", "BatchSize=\"10\"", "BatchSize=\"20\"");
        sandbox.Dotnet("build", "-v:n").Succeeded().Says("flights -> nothing to do: 3 wanted live").Says("Skipping target \"CoreCompile\" because all output files are up-to-date").DoesNotSay("csc");
        Assert.Equal(built, File.GetLastWriteTimeUtc(program));
        Assert.Equal(graph.Replace("\"10\"", "\"20\"", StringComparison.Ordinal), sandbox.Read("obj/databuild/graph.json"));

        // The same again writes nothing that a watcher or a cache could take for a change.
        var compiled = File.GetLastWriteTimeUtc(sandbox.PathOf("obj/databuild/graph.json"));
        sandbox.Dotnet("build", "--no-restore").Succeeded().Says("nothing to do");
        Assert.Equal(compiled, File.GetLastWriteTimeUtc(sandbox.PathOf("obj/databuild/graph.json")));
    }
}
