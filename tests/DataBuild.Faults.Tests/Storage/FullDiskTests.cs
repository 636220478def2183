using DataBuild.V1;

namespace DataBuild.Faults.Tests.Storage;

/// <summary>No room, or no inode, wherever the engine or a job writes: tried with every amount of room, so that each write is hit.</summary>
[Trait("Category", "Faults")]
public sealed class FullDiskTests(Xunit.Abstractions.ITestOutputHelper output)
{
    /// <summary>Pages or inodes; with DATABUILD_ROOM set, every number up to that.</summary>
    private static readonly int[] amounts = Environment.GetEnvironmentVariable("DATABUILD_ROOM") is { Length: > 0 } all
        ? [.. Enumerable.Range(0, int.Parse(all, System.Globalization.CultureInfo.InvariantCulture) + 1)]
        : [0, 1, 2, 4, 8, 20, 80];

    [MountFact]
    public void A_full_disk_of_log_and_state_at_every_write() =>
        Sweep(project => project.Project.StateDirectory, inodes: false, "DBLD6007", "DBLD6017");

    [MountFact]
    public void A_disk_of_log_and_state_without_inodes_at_every_file() =>
        Sweep(project => project.Project.StateDirectory, inodes: true, "DBLD6009");

    [MountFact]
    public void A_full_disk_of_the_data_at_every_write() => Sweep(project => project.Project.DataRoot, inodes: false, "DBLD5101");

    [MountFact]
    public void A_disk_of_the_data_without_inodes_at_every_file_and_folder() =>

        // Whether the last inode is lacked by the engine or by a job (DBLD5101) is chance: two jobs run beside it.
        Sweep(project => project.Project.DataRoot, inodes: true, "DBLD6111");

    [MountFact]
    public void A_full_disk_before_the_first_build() => Sweep(project => project.Project.StateDirectory, inodes: false, built: false, "DBLD6007");

    [MountFact]
    public void A_disk_of_the_data_without_inodes_before_the_first_build() =>
        Sweep(project => project.Project.DataRoot, inodes: true, built: false, "DBLD6111");

    [MountTheory]
    [InlineData(".databuild/runs", "DBLD5043")]
    [InlineData(".databuild/scratch", "DBLD5012")]
    [InlineData(".databuild/sources", "DBLD6140")]
    [InlineData("obj", "DBLD6141")]
    public void A_full_disk_of_one_folder_of_the_engines_own(string folder, string code)
    {
        // What an earlier build wrote there would not be written again.
        using var project = new FaultyProject(built: false);
        PrivateMounts.Run(() =>
        {
            var mend = Mounts.LeaveRoom(Path.Combine(project.Folder, folder), pages: 0, inodes: 0);
            var codes = project.RunIntoFault();
            Assert.Contains(code, codes);
            project.RequireNoFalseState();
            mend();
            project.RequireNormalWork();
        });
    }

    [Fact]
    public void A_result_that_cannot_be_written_leaves_none_of_an_earlier_build()
    {
        using var project = new FaultyProject();
        using (var engine = project.Start())
        {
            engine.WaitForResult();
        }

        File.CreateSymbolicLink(project.ResultFile + ".new", "/dev/full");
        Assert.Equal(["DBLD6141"], project.RunIntoFault());
        Assert.False(File.Exists(project.ResultFile));
        project.RequireNormalWork();
        Assert.Equal(BuildOutcome.UpToDate, BuildResult.Parser.ParseJson(File.ReadAllText(project.ResultFile)).Outcome);
    }

    [Fact]
    public void A_full_disk_of_the_snapshot_costs_a_warning_and_the_next_build_writes_it()
    {
        using var project = new FaultyProject();
        project.Lengthen();
        File.CreateSymbolicLink(project.Project.Log + ".snapshot.new", "/dev/full");
        Assert.Contains("DBLD6016", project.RunIntoFault());
        Assert.False(File.Exists(project.Project.Log + ".snapshot"));
        project.RequireNormalWork();
        Assert.True(File.Exists(project.Project.Log + ".snapshot"));
    }

    [MountFact]
    public void A_full_disk_of_the_cache_of_hashes_costs_a_warning()
    {
        using var project = new FaultyProject();
        string hashes = Path.Combine(project.Project.StateDirectory, "hashes");

        // Large enough to be remembered, and old enough to be trusted.
        string source = Path.Combine(project.Folder, "in", "1");
        File.AppendAllText(source, new string('x', 300_000));
        File.SetLastWriteTimeUtc(source, DateTime.UtcNow.AddHours(-1));
        PrivateMounts.Run(() =>
        {
            string full = Directory.CreateDirectory(Path.Combine(project.Folder, "full")).FullName;
            File.WriteAllBytes(Path.Combine(full, "hashes"), []);
            var mend = Mounts.LeaveRoom(full, pages: 0);
            File.WriteAllBytes(hashes, []);
            PrivateMounts.BindTo(Path.Combine(full, "hashes"), hashes);
            Assert.Contains("DBLD6117", project.RunIntoFault());
            project.RequireNoFalseState();
            mend();
            Mounts.Remove(hashes);
            project.RequireNormalWork();
        });
    }

    private void Sweep(Func<FaultyProject, string> folder, bool inodes, params string[] codes) => Sweep(folder, inodes, built: true, codes);

    private void Sweep(Func<FaultyProject, string> folder, bool inodes, bool built, params string[] codes)
    {
        var seen = new SortedDictionary<string, int>(StringComparer.Ordinal);
        bool passed = false;
        foreach (int amount in amounts)
        {
            using var project = new FaultyProject(built);
            PrivateMounts.Run(() =>
            {
                var mend = inodes ? Mounts.LeaveRoom(folder(project), 1000, amount) : Mounts.LeaveRoom(folder(project), amount);
                var said = project.RunIntoFault();
                foreach (string code in said)
                {
                    seen[code] = seen.GetValueOrDefault(code) + 1;
                }

                project.RequireNoFalseState();
                mend();
                project.RequireNormalWork();
                passed = said.Count == 0;
            });
        }

        output.WriteLine(string.Join(", ", seen.Select(one => $"{one.Key} {one.Value} times")));
        Assert.All(codes, code => Assert.Contains(code, seen.Keys));
        Assert.True(passed, "with the most room the build still failed: not every write was tried");
    }
}
