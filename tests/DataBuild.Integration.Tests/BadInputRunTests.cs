using DataBuild.V1;

namespace DataBuild.Integration.Tests;

/// <summary>What jobs do that they should not: each has its code in one line, and nothing else is lost or run for it.</summary>
public sealed class BadInputRunTests
{
    private const string Write = "echo x > \"$out\"";

    [Fact]
    public void A_job_that_is_not_there() => Fails("DBLD5001", "a failed: job 'a' cannot start: there is no '", "job",
        project => project.Job("a", "./gone.sh").Partition("a", "a").Want("a"));

    [Fact]
    public void A_job_that_is_in_no_folder_of_the_path() => Fails("DBLD5001", "'no-such-program' is in no folder of its PATH", "job",
        project => project.Job("a", "no-such-program").Partition("a", "a").Want("a"));

    [Fact]
    public void A_job_that_is_not_executable() => Fails("DBLD5002", "may not be executed; make it executable with chmod +x", "job", project =>
    {
        File.SetUnixFileMode(project.Write("a.sh", "#!/bin/sh\ntouch ran\n"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        project.Job("a", "./a.sh").Partition("a", "a").Want("a");
    });

    [Fact]
    public void A_job_for_a_NET_that_is_not_installed() => Fails("DBLD5007", "it needs the Framework: 'Microsoft.NETCore.App', version '99.1.2'", "job", project =>
    {
        string cli = Path.ChangeExtension(Repository.Cli, null);
        foreach (string ending in new[] { ".dll", ".runtimeconfig.json" })
        {
            File.Copy(cli + ending, Path.Combine(project.Folder, "future" + ending));
        }

        string config = Path.Combine(project.Folder, "future.runtimeconfig.json");
        File.WriteAllText(config, System.Text.RegularExpressions.Regex.Replace(File.ReadAllText(config), @"""version"": ""[^""]*""", @"""version"": ""99.1.2"""));
        project.Job("a", "dotnet future.dll").Partition("a", "a").Want("a");
    });

    [Fact]
    public void A_job_that_writes_into_the_data_root() => Fails("DBLD5054", "job a wrote DATABUILD_DATA_ROOT/a itself, and left nothing at DATABUILD_OUTPUT_ROOT/a", "job",
        project => project.Script("a", "echo x > \"$in/a\"").Partition("a", "a").Want("a"));

    [Fact]
    public void A_job_whose_output_is_a_link_out_of_its_folder() => Fails("DBLD6108", "output of 'a' is a symbolic link to '/etc/hostname'; write the content itself", "want",
        project => project.Script("a", "ln -s /etc/hostname \"$out\"").Partition("a", "a").Want("a"));

    [Fact]
    public void A_job_that_writes_beside_its_output_folder_is_warned_of_and_that_is_removed()
    {
        using var project = new TestProject();
        project.Script("a", Write + "; echo y > \"$DATABUILD_OUTPUT_ROOT/../stray\"").Partition("a", "a").Want("a");
        using var engine = EngineRun.Start(project.Request());

        Assert.Equal(BuildOutcome.Built, engine.WaitForResult().Outcome);

        var warning = Assert.Single(engine.Diagnostics, diagnostic => diagnostic.Code == "DBLD5052");
        Assert.Equal(Severity.Warning, warning.Severity);
        Assert.Contains("a job wrote 'stray' beside its output folder", warning.Text, StringComparison.Ordinal);
        Assert.Equal("x\n", project.Data("a"));
        Assert.Empty(Directory.EnumerateFiles(project.DataRoot, "stray", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData("a{not json", "DBLD5020", "malformed message `a{not json`")]
    [InlineData("{\"shout\":{}}", "DBLD5021", "unknown message `{\"shout\":{}}`")]
    [InlineData("{\"missingDeps\":{\"refs\":[\"../x\"]}}", "DBLD5027", "'../x' is no ref")]
    [InlineData("{\"retryAfter\":{\"seconds\":-1}}", "DBLD5028", "seconds must be from 0 to a year")]
    [InlineData("{\"for\":[\"b\"],\"partitionDone\":{}}", "DBLD5026", "'b' is not among the 1 refs of the run")]
    public void A_message_that_is_none(string message, string code, string text) => Fails(code, text, "job",
        project => project.Script("a", $"echo '{message}' >> \"$DATABUILD_MESSAGES_FILE\"; {Write}").Partition("a", "a").Want("a"));

    [Fact]
    public void A_message_that_is_no_UTF8() => Fails("DBLD5022", "message is not UTF-8 `databuild:missing-deps \ufffd`", "job",
        project => project.Script("a", "printf 'databuild:missing-deps \\377\\n'; exit 75").Partition("a", "a").Want("a"));

    [Fact]
    public void Output_that_is_no_UTF8_is_kept_as_it_came_and_quoted_as_text()
    {
        using var project = new TestProject();
        project.Script("a", "printf 'bad \\377 end\\n' >&2; exit 3").Partition("a", "a").Want("a");
        using var engine = EngineRun.Start(project.Request());

        engine.WaitForResult();

        var error = Assert.Single(engine.Diagnostics, diagnostic => diagnostic.Severity == Severity.Error);
        Assert.Contains("job a exit 3, \"bad \ufffd end\"", error.Text, StringComparison.Ordinal);
        string log = Assert.Single(Directory.EnumerateFiles(project.StateDirectory, "stderr.log", SearchOption.AllDirectories));
        Assert.Contains((byte)0xff, File.ReadAllBytes(log));
    }

    [Fact]
    public void A_want_whose_name_is_a_file_where_a_folder_is_needed_is_not_run()
    {
        using var project = new TestProject();
        project.Script("a", Write).Partition("folder/{n:int}", "a").Want("folder/1");
        project.Write("data/folder", "mine");

        Refuses(project, "DBLD6120", "cannot publish 'folder/1': '");

        Assert.Equal("mine", project.Data("folder"));
    }

    [Theory]
    [InlineData("data/a/1/keep")]
    [InlineData("data/a/1")]
    public void What_no_build_made_is_kept_and_the_job_is_not_run_for_it(string theirs)
    {
        using var project = new TestProject();
        project.Script("a", Write).Partition("a/{n:int}", "a").Want("a/1");
        string file = project.Write(theirs, "mine");

        Refuses(project, "DBLD5053", "data/a/1' is there and no build made it; take it in with `databuild adopt 'a/1'`, or move or delete it and build again");
        Assert.Equal("mine", File.ReadAllText(file));

        File.Delete(file);
        if (Directory.Exists(Path.Combine(project.DataRoot, "a/1")))
        {
            Directory.Delete(Path.Combine(project.DataRoot, "a/1"));
        }

        Assert.Equal(BuildOutcome.Built, project.Build().Outcome);
    }

    [Fact]
    public void What_stands_in_the_way_of_one_ref_of_a_batch_stops_no_other()
    {
        using var project = new TestProject();
        project.Script("a", Write, job => job.BatchSize = "10").Partition("a/{n:int}", "a").Want("a/{1..5}");
        project.Write("data/a/3", "mine");

        var result = project.Build();

        Assert.Equal((BuildOutcome.Failed, 4L, 1L), (result.Outcome, result.Built, result.Runs));
        Assert.Equal(["DBLD5053"], result.Diagnostics.Where(diagnostic => diagnostic.Severity == Severity.Error).Select(diagnostic => diagnostic.Code));
        Assert.Equal("mine", project.Data("a/3"));
        Assert.DoesNotContain("a/3", File.ReadAllText(project.Witness), StringComparison.Ordinal);
    }

    [Fact]
    public void A_data_root_of_another_project_is_refused_and_left_as_it_was()
    {
        using var first = new TestProject("first");
        first.Script("a", Write).Partition("a", "a").Want("a");
        first.Build();
        using var second = new TestProject("second");
        second.Script("a", "echo other > \"$out\"").Partition("a", "a").Want("a");
        using var engine = EngineRun.Start(Elsewhere(second.Request()));

        Assert.Equal(BuildOutcome.Failed, engine.WaitForResult().Outcome);

        var error = Assert.Single(engine.Diagnostics, diagnostic => diagnostic.Severity == Severity.Error);
        Assert.Equal("DBLD6101", error.Code);
        Assert.Contains(first.DataRoot, error.Text, StringComparison.Ordinal);
        Assert.Equal("x\n", first.Data("a"));
        Assert.False(File.Exists(second.Witness));
        Assert.Equal(BuildOutcome.UpToDate, first.Build().Outcome);

        EngineRequest Elsewhere(EngineRequest request)
        {
            request.DataRoot = first.DataRoot;
            return request;
        }
    }

    private static void Refuses(TestProject project, string code, string text)
    {
        using var engine = EngineRun.Start(project.Request());
        var result = engine.WaitForResult();
        var error = Assert.Single(engine.Diagnostics, diagnostic => diagnostic.Severity == Severity.Error);
        Assert.Equal((BuildOutcome.Failed, 0L, code), (result.Outcome, result.Runs, error.Code));
        Assert.Contains(text, error.Text, StringComparison.Ordinal);
        Assert.False(File.Exists(project.Witness));
    }

    private static void Fails(string code, string text, string place, Action<TestProject> make)
    {
        using var project = new TestProject();
        make(project);
        using var engine = EngineRun.Start(project.Request());
        var result = engine.WaitForResult();
        var error = Assert.Single(engine.Diagnostics, diagnostic => diagnostic.Severity == Severity.Error);
        Assert.Equal((BuildOutcome.Failed, 0L, code), (result.Outcome, result.Built, error.Code));
        Assert.Contains(text, error.Text, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Text);
        Assert.Equal(place, error.Origin?.ItemType, ignoreCase: true);
    }
}
