namespace DataBuild.MSBuild.Tests.Ci;

public sealed class ExpectUpToDateTests
{
    [Fact]
    public void A_build_that_expects_everything_up_to_date_runs_and_writes_nothing_and_says_what_it_would()
    {
        using var sandbox = CiSandbox.New();
        var never = sandbox.Dotnet("build", "-p:DataBuildExpectUpToDate=true").Failed()
            .Says("error DBLD4016: everything was expected to be up to date, and 5 partitions would run (day 3, report 2): report/1, it was never built; ")
            .Says("; and 2 more. Nothing was run");
        Assert.Equal((1, 1), (never.ExitCode, never.Count("DBLD4016")));
        Assert.False(Directory.Exists(sandbox.PathOf("data")) || Directory.Exists(sandbox.PathOf(".databuild")));

        sandbox.Dotnet("build").Succeeded().Says("flights -> 5 built");
        sandbox.Dotnet("build", "-p:DataBuildExpectUpToDate=true").Succeeded().Says("nothing to do");
        var before = CiSandbox.Left(sandbox);

        File.AppendAllText(sandbox.PathOf("write.sh"), "# another one\n");
        File.Delete(sandbox.PathOf("data/day/1"));
        var changed = sandbox.Dotnet("build", "-t:day", "-p:DataBuildExpectUpToDate=true").Failed()
            .Says("3 partitions would run (day 3)").Says("its job changed (file:write.sh)").Says("day/1, its files are gone");
        Assert.Equal(1, changed.Count("DBLD4016"));
        var left = CiSandbox.Left(sandbox);
        Assert.Equal(before.Keys.Where(file => !file.EndsWith("data/day/1", StringComparison.Ordinal)).Order(), left.Keys.Order());
        Assert.All(left, file => Assert.Equal(before[file.Key], file.Value));
    }
}
