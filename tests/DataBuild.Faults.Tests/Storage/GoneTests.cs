namespace DataBuild.Faults.Tests.Storage;

/// <summary>Disks that are read-only or not there, files that somebody deletes, before a build and in the midst of it.</summary>
[Trait("Category", "Faults")]
public sealed class GoneTests
{
    [MountTheory]
    [InlineData(".databuild", "DBLD6017")]
    [InlineData("data", "DBLD6103")]
    public void A_read_only_disk_before_a_build(string folder, string code)
    {
        using var project = new FaultyProject();
        PrivateMounts.Run(() =>
        {
            string path = Path.Combine(project.Folder, folder);
            PrivateMounts.MakeReadOnly(path);
            Assert.Equal([code], project.RunIntoFault());
            project.RequireNoFalseState();

            // Twice mounted: once to bind, once read-only over that.
            Mounts.Remove(path);
            project.RequireNormalWork();
        });
    }

    [MountTheory]
    [InlineData(".databuild")]
    [InlineData("data")]
    public void A_disk_that_becomes_read_only_during_a_build(string folder)
    {
        using var project = new FaultyProject();
        PrivateMounts.Run(() =>
        {
            string path = Path.Combine(project.Folder, folder);
            Assert.NotEmpty(DuringABuild(project, () => PrivateMounts.MakeReadOnly(path)));
            project.RequireNoFalseState();
            Mounts.Remove(path);
            project.RequireNormalWork();
        });
    }

    [MountFact]
    public void A_data_root_that_is_not_mounted_before_a_build()
    {
        using var project = new FaultyProject();
        string disk = project.Project.DataRoot + "-disk";
        Directory.Move(project.Project.DataRoot, disk);
        Directory.CreateDirectory(project.Project.DataRoot);
        Assert.Equal(["DBLD6102"], project.RunIntoFault());
        Assert.Empty(project.Published());
        PrivateMounts.Run(() =>
        {
            PrivateMounts.BindTo(disk, project.Project.DataRoot);
            project.RequireNormalWork();
        });
    }

    [MountFact]
    public void A_data_root_that_is_unmounted_during_a_build_is_no_loss_of_partitions()
    {
        using var project = new FaultyProject();
        string disk = project.Project.DataRoot + "-disk";
        Directory.Move(project.Project.DataRoot, disk);
        Directory.CreateDirectory(project.Project.DataRoot);
        PrivateMounts.Run(() =>
        {
            PrivateMounts.BindTo(disk, project.Project.DataRoot);
            var codes = DuringABuild(project, () => Mounts.Remove(project.Project.DataRoot));
            Assert.Contains("DBLD6102", codes);
            Assert.Empty(project.Published());
            PrivateMounts.BindTo(disk, project.Project.DataRoot);
            project.RequireNoFalseState();
            project.RequireNormalWork();
        });
    }

    [Theory]
    [InlineData("log.db")]
    [InlineData("log.db-wal")]
    public void A_file_of_the_log_that_is_deleted_during_a_build(string file)
    {
        using var project = new FaultyProject();
        string saved = Save(project);
        Assert.Contains("DBLD6013", DuringABuild(project, () => File.Delete(Path.Combine(project.Project.StateDirectory, file))));
        project.RequireNoFalseState();
        Restore(project, saved);
        project.RequireNormalWork(olderLog: true);
    }

    [Fact]
    public void A_state_directory_that_is_deleted_during_a_build()
    {
        using var project = new FaultyProject();
        string saved = Save(project);
        Assert.NotEmpty(DuringABuild(project, () => Directory.Delete(project.Project.StateDirectory, recursive: true)));
        project.RequireNoFalseState();
        Restore(project, saved);
        project.RequireNormalWork(olderLog: true);
    }

    [Fact]
    public void A_log_that_is_gone_for_good_is_begun_anew_as_the_error_says()
    {
        using var project = new FaultyProject();
        Directory.Delete(project.Project.StateDirectory, recursive: true);
        Assert.Equal(["DBLD6101"], project.RunIntoFault());
        project.RequireNoFalseState();
        Directory.Delete(project.Project.DataRoot, recursive: true);
        project.ForgetLog();
        project.RequireNormalWork();
    }

    /// <summary>The engine is killed, its newest events are lost: an older log, with the remains of later terms beside the data.</summary>
    [Fact]
    public void A_log_that_lost_its_wal_after_a_kill_goes_on_from_what_is_left_of_it()
    {
        using var project = new FaultyProject();
        File.WriteAllText(project.Gate, "");
        using (var engine = project.Start())
        {
            engine.WaitFor(message => message.Ready is not null);
            WaitForRun(project);
            engine.Kill();
        }

        File.Delete(project.Gate);
        File.Delete(project.Project.Log + "-wal");
        File.Delete(project.Project.Log + "-shm");
        project.RequireNoFalseState();
        project.RequireNormalWork(olderLog: true);
    }

    private static IReadOnlyList<string> DuringABuild(FaultyProject project, Action fault)
    {
        File.WriteAllText(project.Gate, "");
        using var engine = project.Start();
        WaitForRun(project);
        fault();
        File.Delete(project.Gate);
        return FaultyProject.CodesOf(engine);
    }

    /// <summary>A job that waits at the gate has begun: its folder of outputs is there.</summary>
    private static void WaitForRun(FaultyProject project)
    {
        string reserved = Path.Combine(project.Project.DataRoot, ".databuild");
        Assert.True(
            SpinWait.SpinUntil(() => Directory.EnumerateDirectories(reserved, "large", SearchOption.AllDirectories).Any(), TimeSpan.FromMinutes(2)),
            "no job of the family 'large' was started");
    }

    private static string Save(FaultyProject project)
    {
        string saved = Path.Combine(project.Folder, "saved.db");
        File.Copy(project.Project.Log, saved);
        return saved;
    }

    private static void Restore(FaultyProject project, string saved)
    {
        Directory.CreateDirectory(project.Project.StateDirectory);
        File.Delete(project.Project.Log + "-wal");
        File.Delete(project.Project.Log + "-shm");
        File.Move(saved, project.Project.Log, overwrite: true);
    }
}
