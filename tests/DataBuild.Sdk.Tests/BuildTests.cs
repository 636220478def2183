using DataBuild.V1;

namespace DataBuild.Sdk.Tests;

/// <summary>The whole way of one project: build, again, a job, a plan, rows, clean.</summary>
public sealed class BuildTests
{
    private const string Items = """
          <ItemGroup>
            <Source Include="csv/{month}" Path="csv/{month}.csv.gz" />
            <Job Include="daily" Command="python3 jobs/daily.py" Arguments="--all 'two words'" Sources="jobs/*.py" BatchSize="31" />
            <Partition Include="daily/{date}" Job="daily" Needs="csv/{date.month}" />
            <Want Include="daily/{2001-01-01..2001-01-31}" Priority="3" />
            <Pool Include="gpu" Slots="2" />
          </ItemGroup>
        """;

    [Fact]
    public void A_project_is_built_and_built_again_and_cleaned()
    {
        using var sandbox = new Sandbox();
        sandbox.WriteProject(Items);
        sandbox.Write("jobs/daily.py", "pass");
        sandbox.Script(Say.Line("flights: 1 want"), Say.Line("for -v:d only", Importance.Low), Say.Result(BuildOutcome.Built, "31 built, 1 run"));

        sandbox.Dotnet("build", "-tl:off").Succeeded().Says("flights: 1 want").Says("  flights -> 31 built, 1 run").DoesNotSay("for -v:d only");

        var request = sandbox.Request;
        Assert.Equal(EngineMode.Build, request.Mode);
        Assert.Equal(1u, request.ProtocolVersion);
        Assert.Equal(sandbox.PathOf("flights.dbproj"), request.ProjectFile);
        Assert.Equal(sandbox.PathOf("data"), request.DataRoot);
        Assert.Equal(sandbox.PathOf(".databuild"), request.StateDirectory);
        Assert.Equal(1000, request.MaxRebuilds);
        Assert.Equal("flights", request.Graph.Name);
        var job = Assert.Single(request.Graph.Jobs);
        Assert.Equal(("daily", "python3 jobs/daily.py", "--all 'two words'", "31", "local"), (job.Label, job.Command, job.Arguments, job.BatchSize, job.Executor));
        Assert.Equal(["jobs/daily.py"], job.Sources);
        Assert.Equal("daily/{date}", Assert.Single(request.Graph.Partitions).Pattern);
        Assert.Equal("csv/{month}.csv.gz", Assert.Single(request.Graph.Sources).Path);
        Assert.Equal(("daily/{2001-01-01..2001-01-31}", "3"), (request.Graph.Wants[0].Partitions, request.Graph.Wants[0].Priority));
        Assert.Equal("2", Assert.Single(request.Graph.Pools).Slots);

        // The job is a target, written during restore, without a task of ours.
        sandbox.MSBuild("-t:daily").Succeeded();
        var targets = sandbox.MSBuild("-targets").Succeeded().Says("\ndaily\n").Output.Split('\n').Select(line => line.Trim());

        // Every other target that could be a label is known, so that no job can take its name.
        var reserved = File.ReadAllLines(Path.Combine(Sandbox.Known("Repository"), "src/DataBuild.Sdk/Sdk/DataBuild.ReservedNames.txt"));
        Assert.Equal(["daily"], targets.Where(IsLabel).Except(reserved, StringComparer.OrdinalIgnoreCase));
        Assert.Equal(["Build", "Build daily"], sandbox.Calls);

        sandbox.Write("data/daily/2001-01-01", "precious");
        sandbox.Write(".databuild/log", "precious");
        sandbox.MSBuild("-t:Clean").Succeeded();
        Assert.False(Directory.Exists(sandbox.PathOf("obj/databuild")));
        Assert.False(sandbox.Has("obj/flights.dbproj.databuild.g.targets"));
        Assert.True(sandbox.Has("data/daily/2001-01-01"));
        Assert.True(sandbox.Has(".databuild/log"));

        sandbox.MSBuild("-t:Clean", "-p:DataBuildCleanData=true", "-p:DataBuildDataRoot=..").Failed().Says("DBLD2011");
        Assert.True(sandbox.Has("data/daily/2001-01-01"));
        sandbox.MSBuild("-t:Clean", "-p:DataBuildCleanData=true").Succeeded();
        Assert.False(Directory.Exists(sandbox.PathOf("data")));
        Assert.False(Directory.Exists(sandbox.PathOf(".databuild")));
    }

    private static bool IsLabel(string name) => System.Text.RegularExpressions.Regex.IsMatch(name, "^[A-Za-z_][A-Za-z0-9_-]*$");

    [Fact]
    public void What_was_built_and_decided_can_be_asked_for_as_rows()
    {
        using var sandbox = new Sandbox();
        sandbox.WriteProject(Items);
        sandbox.Write("jobs/daily.py", "pass");
        var result = Say.Result(BuildOutcome.Built);
        result.Result.Wants.Add(new WantRow { Partitions = "daily/{2001-01-01..2001-01-31}", State = "Successful", Total = 31, Live = 31 });
        result.Result.Jobs.Add(new JobRow { Job = "daily", Built = 31, Runs = 1 });
        var plan = new EngineMessage { Plan = new PlanReport { WillRun = 1 } };
        plan.Plan.Verdicts.Add(new Verdict { Ref = "daily/2001-01-01", Job = "daily", WillRun = true, Reason = new Reason { Kind = ReasonKind.Absent } });
        sandbox.Script(plan, result);

        var rows = sandbox.MSBuild("-t:Build", "-getTargetResult:Build").Succeeded().Rows("Build");
        Assert.Equal(["daily/{2001-01-01..2001-01-31}", "daily"], rows.Select(row => row.GetProperty("Identity").GetString()));
        Assert.Equal(("Want", "31"), (rows[0].GetProperty("Kind").GetString(), rows[0].GetProperty("Live").GetString()));
        Assert.Equal(("Job", "31"), (rows[1].GetProperty("Kind").GetString(), rows[1].GetProperty("Built").GetString()));

        var decision = Assert.Single(sandbox.MSBuild("-t:DataBuildPlan", "-getTargetResult:DataBuildPlan").Succeeded().Rows("DataBuildPlan"));
        Assert.Equal(("daily/2001-01-01", "true", "Absent"),
            (decision.GetProperty("Identity").GetString(), decision.GetProperty("WillRun").GetString(), decision.GetProperty("Reason").GetString()));

        var graph = sandbox.MSBuild("-t:DataBuildCompile", "-getTargetResult:DataBuildCompile").Succeeded().Rows("DataBuildCompile");
        Assert.Equal(["Job", "Partition", "Source", "Want", "Pool"], graph.Select(row => row.GetProperty("Kind").GetString()));
        Assert.Equal(["Build", "Plan", "Compile"], sandbox.Calls);
        Assert.Contains("\"daily/{date}\"", sandbox.Read("obj/databuild/graph.json"), StringComparison.Ordinal);
    }

    [Fact]
    public void Properties_reach_the_engine()
    {
        using var sandbox = new Sandbox();
        sandbox.WriteProject("""
              <PropertyGroup>
                <DataBuildDataRoot>out/of/the way/</DataBuildDataRoot>
                <DataBuildExecutor>slurm</DataBuildExecutor>
                <DataBuildMaxWait>10m</DataBuildMaxWait>
                <DataBuildMaxRebuilds>-1</DataBuildMaxRebuilds>
                <DataBuildRunLogAge>2d</DataBuildRunLogAge>
                <DataBuildRunLogSize>500MB</DataBuildRunLogSize>
                <DataBuildLog>logs/bel.db</DataBuildLog>
                <DataBuildReconcileDependsOn>Before</DataBuildReconcileDependsOn>
              </PropertyGroup>
              <ItemGroup>
                <Job Include="a" Command="true" />
                <Job Include="b" Command="true" Executor="local" />
              </ItemGroup>
              <Target Name="Before">
                <ItemGroup><Want Include="made/by/a/target" /></ItemGroup>
              </Target>
            """);

        sandbox.Write("hook.targets", """<Project><Target Name="Hook" AfterTargets="DataBuildReconcile"><Message Importance="High" Text="hooked" /></Target></Project>""");

        sandbox.MSBuild("-p:CustomAfterDataBuild=" + sandbox.PathOf("hook.targets"), "-p:Want=x/{2001|2002}%3By", "-p:DataBuildExpectUpToDate=true", "-p:DataBuildParallelism=7", "-p:DataBuildTimeZone=Europe/Berlin").Succeeded().Says("hooked");

        var request = sandbox.Request;
        Assert.Equal(["x/{2001|2002}", "y"], request.Wants);
        Assert.Equal("made/by/a/target", Assert.Single(request.Graph.Wants).Partitions);
        Assert.True(request.ExpectUpToDate);
        Assert.Equal(7, request.Parallelism);
        Assert.Equal("Europe/Berlin", request.Graph.TimeZone);
        Assert.Equal(sandbox.PathOf("out/of/the way"), request.DataRoot);
        Assert.Equal(sandbox.PathOf("logs/bel.db"), request.Log);
        Assert.Equal(TimeSpan.FromMinutes(10), request.MaxWait.ToTimeSpan());
        Assert.Equal(-1, request.MaxRebuilds);
        Assert.Equal((TimeSpan.FromDays(2), 500L << 20), (request.RunLogAge.ToTimeSpan(), request.RunLogBytes));
        Assert.Equal(["slurm", "local"], request.Graph.Jobs.Select(job => job.Executor));

        sandbox.MSBuild("-p:DataBuildRunLogAge=unlimited", "-p:DataBuildRunLogSize=unlimited").Succeeded();
        Assert.Equal((null, false), (sandbox.Request.RunLogAge, sandbox.Request.HasRunLogBytes));
        sandbox.MSBuild("-p:DataBuildMaxWait=soon").Failed().Says("DBLD1909").Says("DataBuildMaxWait is 'soon'");
        sandbox.MSBuild("-p:DataBuildCancelTimeout=soon").Failed().Says("DBLD1909").Says("DataBuildCancelTimeout is 'soon'");
    }

    [Fact]
    public void A_design_time_build_runs_nothing_and_mode_off_runs_nothing()
    {
        using var sandbox = new Sandbox();
        sandbox.WriteProject(Items);

        sandbox.MSBuild("-t:Build;DataBuildPlan;DataBuildCompile;DataBuildReconcile;CompileDesignTime;ResolveProjectReferences", "-p:DesignTimeBuild=true", "-p:SkipCompilerExecution=true").Succeeded();
        sandbox.MSBuild("-p:DataBuildMode=off").Succeeded();
        Assert.Empty(sandbox.Calls);
        Assert.False(Directory.Exists(sandbox.PathOf("bin")));
    }
}
