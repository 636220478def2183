using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Files;
using DataBuild.V1;

namespace DataBuild.Engine.Tests.Files;

public sealed class JobFingerprinterTests : IDisposable
{
    private readonly TempRoot temp = new();
    private readonly string project;

    public JobFingerprinterTests()
    {
        project = Path.Join(temp.Folder, "project ü");
        TempRoot.Write(project, "jobs/daily.py", "print(1)");
        TempRoot.Write(project, "jobs/lib.py", "x = 1");
    }

    public void Dispose() => temp.Dispose();

    [Fact]
    public void The_parts_are_named_and_sorted_and_carry_the_scheme()
    {
        var job = Python();
        job.Environment = "A=1";
        job.Sources.Add("jobs/lib.py");
        var result = Of(job);
        Assert.Equal("daily", result.Job);
        Assert.Equal(["command", "environment", "file:jobs/daily.py", "file:jobs/lib.py"], result.Parts.Select(part => part.Name));
        Assert.All(result.Parts.Select(part => part.Fingerprint).Append(result.Fingerprint), fingerprint =>
        {
            Assert.Equal(17, fingerprint.Length);
            Assert.Equal(JobFingerprinter.Scheme, fingerprint[0]);
        });
    }

    [Fact]
    public void A_script_that_changes_changes_its_part_alone()
    {
        var before = Of(Python());
        TempRoot.Write(project, "jobs/daily.py", "print(2)");
        Assert.Equal(["file:jobs/daily.py"], Changed(before, Of(Python())));
    }

    [Fact]
    public void The_same_project_in_another_folder_is_the_same_job()
    {
        var job = Python();
        job.Sources.Add("jobs/lib.py");
        job.Environment = $"CONF={project}/conf";
        var before = Of(job, "python3", $"{project}/jobs/daily.py", $"--conf={project}/conf", project);
        var moved = Path.Join(temp.Folder, "elsewhere");
        Directory.Move(project, moved);
        File.SetLastWriteTimeUtc(Path.Join(moved, "jobs/daily.py"), new(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        job.Environment = $"CONF={moved}/conf";
        var after = new JobFingerprinter(moved + "/").Compute(job, ["python3", $"{moved}/jobs/daily.py", $"--conf={moved}/conf", moved]);
        Assert.Equal(before, after);
    }

    [Fact]
    public void What_runs_elsewhere_is_named_and_not_read()
    {
        // A file of the project that has the name of a program in PATH is not that program.
        TempRoot.Write(project, "python3", "mine");
        var parts = Of(Python(), "python3", "/bin/sh", "jobs", "no/such").Parts.Select(part => part.Name);
        Assert.Equal(["command"], parts);
        Assert.Equal(["command", "file:python3"], Of(Python(), "./python3").Parts.Select(part => part.Name));
    }

    [Fact]
    public void A_script_is_found_from_the_working_directory_too()
    {
        var job = Python();
        job.WorkingDirectory = "jobs";
        Assert.Contains("file:jobs/daily.py", Of(job, "python3", "daily.py").Parts.Select(part => part.Name));
    }

    [Fact]
    public void Each_thing_that_is_declared_counts()
    {
        var before = Of(Python());
        Assert.Equal(["command"], Changed(before, Of(Python(), "python3", "-u", "jobs/daily.py")));
        var environment = Python();
        environment.Environment = "A=1";
        Assert.Equal(["environment"], Changed(before, Of(environment)));
        var directory = Python();
        directory.WorkingDirectory = "jobs";
        Assert.Equal(["working directory"], Changed(before, Of(directory)));
        var source = Python();
        source.Sources.Add("jobs");
        Assert.Equal(["file:jobs"], Changed(before, Of(source)));
    }

    [Fact]
    public void What_does_not_change_the_output_does_not_count()
    {
        var before = Of(Python());
        var job = Python();
        job.PassEnvironment = "SECRET";
        job.Timeout = "10m";
        job.Retries = "3";
        job.BatchSize = "31";
        job.Description = "new words";
        job.Pools = "gpu:1";
        Assert.Equal(before, Of(job));
    }

    [Fact]
    public void The_order_of_environment_variables_does_not_count()
    {
        var (one, other) = (Python(), Python());
        one.Environment = "A=1;B=2";
        other.Environment = " B=2; A=1 ;";
        Assert.Equal(Of(one), Of(other));
    }

    [Fact]
    public void Words_are_not_run_together() =>
        Assert.NotEqual(Of(Python(), "a", "bc").Fingerprint, Of(Python(), "ab", "c").Fingerprint);

    [Fact]
    public void A_version_replaces_content()
    {
        var job = Python();
        job.Version = "7";
        job.Sources.Add("jobs/lib.py");
        var before = Of(job);
        Assert.Equal(["command", "version"], before.Parts.Select(part => part.Name));
        TempRoot.Write(project, "jobs/daily.py", "print(2)");
        File.Delete(Path.Join(project, "jobs/lib.py"));
        Assert.Equal(before, Of(job));
        job.Version = "8";
        Assert.Equal(["version"], Changed(before, Of(job)));
    }

    [Fact]
    public void A_built_program_is_the_same_in_another_configuration_and_folder()
    {
        var debug = Built("jobs/bin/Debug/net10.0");
        var release = Built("../other/bin/Release/net10.0");
        var before = Of(debug, "dotnet", Path.Join(project, debug.Program), "daily");
        var after = Of(release, "dotnet", Path.GetFullPath(release.Program, project), "daily");
        Assert.Equal(before, after);
        Assert.Equal(["arguments", "command", "file:Jobs.dll", "file:Lib.dll", "file:de/Jobs.resources.dll", "file:native.so"], before.Parts.Select(part => part.Name));
    }

    [Theory]
    [InlineData("Jobs.dll", true)]
    [InlineData("Lib.dll", true)]
    [InlineData("de/Jobs.resources.dll", true)]
    [InlineData("native.so", true)]
    [InlineData("Jobs.pdb", false)]
    [InlineData("Jobs.xml", false)]
    [InlineData("Jobs", false)]
    [InlineData("Jobs.exe", false)]
    public void Of_a_built_program_only_what_runs_counts(string file, bool counts)
    {
        var job = Built("bin");
        var before = Of(job, "dotnet", "bin/Jobs.dll");
        TempRoot.Write(Path.Join(project, "bin"), file, "changed");
        Assert.Equal(counts ? ["file:" + file] : [], Changed(before, Of(job, "dotnet", "bin/Jobs.dll")));
    }

    [Fact]
    public void A_program_that_is_no_dll_is_read_itself()
    {
        TempRoot.Write(project, "bin/My.Tool", "1");
        var job = new JobDefinition { Label = "tool", Program = "bin/My.Tool" };
        var before = Of(job, Path.Join(project, "bin/My.Tool"));
        Assert.Equal(["command", "file:My.Tool"], before.Parts.Select(part => part.Name));
        TempRoot.Write(project, "bin/My.Tool", "2");
        Assert.Equal(["file:My.Tool"], Changed(before, Of(job, Path.Join(project, "bin/My.Tool"))));
    }

    [Fact]
    public void A_source_with_the_name_of_a_programs_file_counts_beside_it()
    {
        var job = Built("bin");
        TempRoot.Write(project, "Lib.dll", "source");
        job.Sources.Add("Lib.dll");
        var before = Of(job, "dotnet", "bin/Jobs.dll");
        TempRoot.Write(project, "Lib.dll", "changed");
        var middle = Of(job, "dotnet", "bin/Jobs.dll");
        TempRoot.Write(project, "bin/Lib.dll", "changed too");
        Assert.Equal(["file:Lib.dll"], Changed(before, middle));
        Assert.Equal(["file:Lib.dll"], Changed(middle, Of(job, "dotnet", "bin/Jobs.dll")));
    }

    [Fact]
    public void A_missing_file_is_named_with_its_job_and_declaration()
    {
        var job = Python();
        job.Origin = new Origin { ItemType = "Job", Include = "daily" };
        job.Sources.Add("jobs/gone.py");
        var error = TempRoot.Refused(Rules.JobFileMissing, () => Of(job));
        Assert.Contains("gone.py", error.Message, StringComparison.Ordinal);
        Assert.Contains("daily", error.Message, StringComparison.Ordinal);
        Assert.Equal(job.Origin, error.Origin);
    }

    [Fact]
    public void A_program_that_is_not_built_is_named()
    {
        var job = new JobDefinition { Label = "daily", Program = "bin/Jobs.dll" };
        Assert.Contains("build the project", TempRoot.Refused(Rules.JobFileMissing, () => Of(job, "dotnet", "bin/Jobs.dll")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fingerprints_of_different_schemes_are_not_compared()
    {
        Assert.True(JobFingerprinter.AreComparable([1, 2], [1, 3]));
        Assert.False(JobFingerprinter.AreComparable([1, 2], [2, 2]));
        Assert.False(JobFingerprinter.AreComparable([], [1, 2]));
    }

    private static JobDefinition Python() => new() { Label = "daily", Command = "python3 jobs/daily.py" };

    private JobDefinition Built(string folder)
    {
        var full = Path.GetFullPath(folder, project);
        var job = new JobDefinition { Label = "daily", Program = folder + "/Jobs.dll" };
        foreach (var file in new[] { "Jobs.dll", "Lib.dll", "de/Jobs.resources.dll", "native.so", "Jobs.pdb", "Jobs.xml", "Jobs", "Jobs.exe" })
        {
            TempRoot.Write(full, file, "content of " + file);
            job.ProgramFiles.Add($"{folder}/{file}");
        }

        return job;
    }

    private JobFingerprint Of(JobDefinition job, params string[] command) =>
        new JobFingerprinter(project).Compute(job, command.Length > 0 ? command : ["python3", "jobs/daily.py"]);

    /// <summary>Names of the parts that differ; the whole differs if and only if one does.</summary>
    private static string[] Changed(JobFingerprint before, JobFingerprint after)
    {
        string[] names = [.. before.Parts.Except(after.Parts).Concat(after.Parts.Except(before.Parts)).Select(part => part.Name).Distinct()];
        Assert.Equal(names.Length == 0, before.Fingerprint == after.Fingerprint);
        return names;
    }
}
