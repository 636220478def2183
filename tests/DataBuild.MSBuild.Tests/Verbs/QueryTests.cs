using System.Text.Json;

namespace DataBuild.MSBuild.Tests.Verbs;

/// <summary>What scripts ask MSBuild: properties, items, and the rows of a target, as JSON also of a build that failed.</summary>
public sealed class QueryTests
{
    [Fact]
    public void Properties_and_items_are_told_without_building()
    {
        using var sandbox = Pages.New();
        var asked = Json(sandbox.Dotnet("build", "--no-restore", "-getProperty:DataBuildDataRoot,DataBuildMode", "-getItem:Job,Want").Succeeded());
        Assert.Equal("data/", asked.GetProperty("Properties").GetProperty("DataBuildDataRoot").GetString());
        Assert.Equal("run", asked.GetProperty("Properties").GetProperty("DataBuildMode").GetString());
        Assert.Equal(["split", "page"], asked.GetProperty("Items").GetProperty("Job").EnumerateArray().Select(job => job.GetProperty("Identity").GetString()));
        Assert.Equal("sh jobs/split.sh", asked.GetProperty("Items").GetProperty("Job")[0].GetProperty("Command").GetString());
        Assert.Equal("page/{1..2}.txt", asked.GetProperty("Items").GetProperty("Want")[0].GetProperty("Identity").GetString());
        Assert.Equal("data/\n", sandbox.Dotnet("build", "--no-restore", "-getProperty:DataBuildDataRoot").Succeeded().Output.ReplaceLineEndings("\n"));
        Assert.False(Directory.Exists(sandbox.PathOf("data")));
        Assert.False(Directory.Exists(sandbox.PathOf("obj")));
    }

    [Fact]
    public void Rows_of_a_build_a_job_and_a_plan_are_json_also_when_it_failed()
    {
        using var sandbox = Pages.New();
        var plan = sandbox.Dotnet("build", "-t:DataBuildPlan", "-getTargetResult:DataBuildPlan").Succeeded().Rows("DataBuildPlan");
        Assert.Equal(["page/1.txt", "page/2.txt", "word/1", "word/2"], plan.Select(row => row.GetProperty("Identity").GetString()).Order(StringComparer.Ordinal));
        Assert.Empty(sandbox.Made());

        var rows = sandbox.Dotnet("build", "--no-restore", "-getTargetResult:Build").Succeeded().Rows("Build");
        Assert.Equal(["page/{1..2}.txt", "split", "page"], rows.Select(row => row.GetProperty("Identity").GetString()));
        Assert.Equal(["Want", "Job", "Job"], rows.Select(row => row.GetProperty("Kind").GetString()));
        Assert.Equal("2", rows[0].GetProperty("Live").GetString());
        Assert.Equal(Pages.All, sandbox.Made());

        var job = sandbox.Dotnet("build", "--no-restore", "-t:split", "-getTargetResult:split").Succeeded().Rows("split");
        Assert.Equal("2", job.Single(row => row.GetProperty("Identity").GetString() == "split").GetProperty("UpToDate").GetString());

        sandbox.Write("jobs/split.sh", "exit 3");
        var failed = sandbox.Dotnet("build", "--no-restore", "-getTargetResult:Build", "-getResultOutputFile:result.out").Failed().Says("error DBLD4");
        var told = JsonDocument.Parse(sandbox.Read("result.out")).RootElement.GetProperty("TargetResults").GetProperty("Build");
        Assert.Equal("Failure", told.GetProperty("Result").GetString());
        Assert.Empty(told.GetProperty("Items").EnumerateArray());
        Assert.DoesNotContain("nothing to do", failed.Output, StringComparison.Ordinal);

        // What the rows of a failed target cannot say is in the result, which is always there.
        Assert.Equal(DataBuild.V1.BuildOutcome.Failed, sandbox.Result.Outcome);
        Assert.Equal(2, sandbox.Result.Jobs.Single(row => row.Job == "split").Failed);
    }

    private static JsonElement Json(Outcome outcome) => JsonDocument.Parse(outcome.Output).RootElement;
}
