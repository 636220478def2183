namespace DataBuild.MSBuild.Tests.Ci;

/// <summary>MSBuild's ways to make warnings errors, or nothing. An engine's warning comes when the data is made; one of the project as written, before.</summary>
public sealed class WarningTests
{
    private const string Data = "data/report/2";

    [Fact]
    public void An_engines_warning_as_an_error_fails_the_build_after_the_data_was_made()
    {
        using var sandbox = CiSandbox.New();
        var one = sandbox.Dotnet("build", "-warnaserror:DBLD4017").Failed().Says("error DBLD4017: ").Says("flights -> 5 built").DoesNotSay("warning DBLD");
        Assert.Equal((1, true), (one.ExitCode, sandbox.Has(Data)));

        // Nothing is made again, and what no run gives cause for is not said again.
        sandbox.Dotnet("build", "-warnaserror").Succeeded().Says("nothing to do");
    }

    [Fact]
    public void A_warning_of_the_project_as_an_error_fails_the_build_before_anything_runs()
    {
        using var sandbox = CiSandbox.New(CiSandbox.Items.Replace("Job=\"day\"", "Job=\"day\" Colour=\"red\"", StringComparison.Ordinal));
        sandbox.Dotnet("build", "-warnaserror:DBLD1906").Failed().Says("error DBLD1906: ").DoesNotSay("built");
        Assert.False(sandbox.Has(Data) || Directory.Exists(sandbox.PathOf(".databuild")));

        // All of them, but for one that stays a warning.
        sandbox.Dotnet("build", "-warnaserror", "-warnnotaserror:DBLD1906;DBLD4017").Succeeded().Says("warning DBLD1906: ").Says("warning DBLD4017: ").Says("5 built");
    }

    [Fact]
    public void Properties_do_the_same()
    {
        using var sandbox = CiSandbox.New(CiSandbox.Items.Replace("Job=\"day\"", "Job=\"day\" Colour=\"red\"", StringComparison.Ordinal));
        sandbox.Dotnet("build", "-p:MSBuildTreatWarningsAsErrors=true").Failed().Says("error DBLD1906: ").DoesNotSay("built");
        Assert.False(sandbox.Has(Data));
        sandbox.EnvironmentVariables["GITHUB_ACTIONS"] = "true";
        sandbox.Dotnet("build", "-p:MSBuildTreatWarningsAsErrors=true", "-p:WarningsNotAsErrors=DBLD1906%3BDBLD4017", "-p:NoWarn=DBLD4017").Succeeded()
            .Says("warning DBLD1906: ").Says("title=DBLD1906::").DoesNotSay("DBLD4017").Says("5 built");
        Assert.True(sandbox.Has(Data));
        sandbox.Dotnet("build", "-p:NoWarn=DBLD1906").Succeeded().DoesNotSay("DBLD1906").Says("nothing to do");
        sandbox.Dotnet("build", "-p:WarningsAsErrors=DBLD1906").Failed().Says("error DBLD1906: ").Says($"::error file={sandbox.PathOf("flights.dbproj")},");
    }
}
