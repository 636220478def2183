namespace DataBuild.MSBuild.Tests.Setups;

/// <summary>MSBuild's server and reused nodes: one process sees many builds, as for a user who switched nothing off.</summary>
public sealed class ServerTests : IDisposable
{
    private readonly Sandbox sandbox = Flights.New();
    private readonly Servants servants;

    public ServerTests()
    {
        servants = Servants.WithServer(sandbox);
    }

    public void Dispose()
    {
        servants.Dispose();
        sandbox.Dispose();
    }

    [Fact]
    public void One_server_sees_each_change_of_script_and_project_and_a_question_starts_no_job()
    {
        // Nothing is built yet: a question compiles the graph, and that is all.
        sandbox.Dotnet("run", "--", "jobs").Failed().Says("DBLD");
        Assert.Equal(0, sandbox.Runs());
        Assert.True(sandbox.Has("obj/databuild/request.binpb"));

        sandbox.Dotnet("build").Succeeded().Says("flights -> 3 built");
        Assert.Contains(servants.Living(), command => command.Contains("/nodemode:8", StringComparison.Ordinal));
        sandbox.Edit("hello.sh", "echo \"$ref\"", "echo \"$ref again\"");
        sandbox.Dotnet("build", "--no-restore").Succeeded().Says("flights -> 3 built");
        Assert.Equal("hello/2001-01-01 again\n", sandbox.Read("data/hello/2001-01-01"));
        sandbox.Edit("flights.dbproj", "2001-01-03}", "2001-01-04}");
        sandbox.Dotnet("run", "--", "status").Succeeded().Says("3 of 3 live");
        Assert.Equal(2, sandbox.Runs());
        sandbox.Dotnet("build").Succeeded().Says("flights -> 1 built");

        sandbox.Dotnet("new", "sln", "-n", "all", "--format", "slnx").Succeeded();
        Flights.In(sandbox, "second");
        sandbox.Dotnet("sln", "all.slnx", "add", "flights.dbproj", "second/flights.dbproj").Succeeded();
        var both = sandbox.Dotnet("build", "all.slnx", "-m:2", "-p:DataBuildMode=run", "-tl:off").Succeeded();
        both.Says("flights -> nothing to do: 4 wanted live").Says("flights -> 3 built");
    }

    [Fact]
    public void An_engine_of_another_contract_than_the_task_that_the_server_keeps_is_an_error_that_says_what_to_do()
    {
        sandbox.Dotnet("build").Succeeded();
        sandbox.Write("other.sh", "#!/bin/sh\nprintf '\\004\\012\\002\\010\\143'\nexec cat > /dev/null\n");
        File.SetUnixFileMode(sandbox.PathOf("other.sh"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        sandbox.Dotnet("build", "--no-restore", $"-p:DataBuildEnginePath={sandbox.PathOf("other.sh")}").Failed()
            .Says("error DBLD2004: this task speaks version 1 of the engine's contract").Says("speaks 99; run 'dotnet build-server shutdown' and build again");
        sandbox.Dotnet("build", "--no-restore").Succeeded().Says("nothing to do");
    }
}
