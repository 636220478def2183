using DataBuild.V1;
using Google.Protobuf.WellKnownTypes;

namespace DataBuild.Engine.Tests.Serving;

/// <summary>What a project says beside its graph is followed while the service runs; what cannot be, is said.</summary>
public sealed class ReloadTests
{
    [Fact]
    public async Task A_higher_limit_of_rebuilds_lets_go_what_is_held_back()
    {
        await using var service = new Service();
        service.Write("make.sh", "for ref in \"$@\"; do mkdir -p \"$DATABUILD_OUTPUT_ROOT/a\"; echo 1 > \"$DATABUILD_OUTPUT_ROOT/$ref\"; done");
        service.Graph.Jobs.Add(new JobDefinition { Label = "make", Command = "sh make.sh", Sources = { "make.sh" } });
        service.Graph.Partitions.Add(new PartitionDefinition { Pattern = "a/{n:int}", Job = "make" });
        service.Graph.Wants.Add(new WantDefinition { Partitions = "a/{1..3}" });
        service.Request.MaxRebuilds = 2;
        service.Start();
        await service.SaysAsync("make made", times: 3);

        service.Write("make.sh", "for ref in \"$@\"; do mkdir -p \"$DATABUILD_OUTPUT_ROOT/a\"; echo 2 > \"$DATABUILD_OUTPUT_ROOT/$ref\"; done");
        await service.SaysAsync("'make.sh' of job make changed");
        Assert.Equal(3, service.Texts().Count(text => text.Contains("make made", StringComparison.Ordinal)));

        service.Request.MaxRebuilds = 3;
        service.Request.DataRoot = Path.Combine(service.Folder, "elsewhere");
        service.ChangeProject();
        await service.SaysAsync("make made", times: 6);
        await service.SaysAsync($"DBLD7005: live: DataBuildDataRoot is '{service.Folder}/elsewhere' now and was '{service.Folder}/data': that takes a restart");
        Assert.Equal("2\n", await File.ReadAllTextAsync(Path.Combine(service.Folder, "data", "a", "3")));
    }

    [Fact]
    public async Task More_runs_at_one_time_and_then_fewer()
    {
        await using var service = new Service();
        Directory.CreateDirectory(Path.Combine(service.Folder, "under way"));

        // Each run of the first three waits for two others to be under way; each of the later ones fails where another one is.
        service.Write("together.sh", """
            touch "under way/$$"
            while [ "$(ls 'under way' | wc -l)" -lt 3 ]; do sleep 0.02; done
            mkdir -p "$DATABUILD_OUTPUT_ROOT/a" && echo done > "$DATABUILD_OUTPUT_ROOT/$1"
            """);
        service.Write("alone.sh", """
            mkdir alone || exit 3
            mkdir -p "$DATABUILD_OUTPUT_ROOT/b" && sleep 0.05 && echo done > "$DATABUILD_OUTPUT_ROOT/$1"
            rmdir alone
            """);
        service.Graph.Jobs.Add(new JobDefinition { Label = "together", Command = "sh together.sh" });
        service.Graph.Jobs.Add(new JobDefinition { Label = "alone", Command = "sh alone.sh", Retries = "0" });
        service.Graph.Partitions.Add(new PartitionDefinition { Pattern = "a/{n:int}", Job = "together" });
        service.Graph.Partitions.Add(new PartitionDefinition { Pattern = "b/{n:int}", Job = "alone" });
        service.Graph.Wants.Add(new WantDefinition { Partitions = "a/{1..3}" });
        service.Start();
        await service.SaysAsync("live: serves 1 want");

        service.Request.Parallelism = 3;
        service.Request.RunLogAge = Duration.FromTimeSpan(TimeSpan.FromDays(1));
        service.ChangeProject();
        await service.SaysAsync("together made", times: 3);

        service.Request.Parallelism = 1;
        service.Graph.Wants.Add(new WantDefinition { Partitions = "b/{1..6}" });
        service.ChangeProject();
        await service.SaysAsync("alone made", times: 6);
        Assert.DoesNotContain(service.Texts(), text => text.Contains("failed", StringComparison.Ordinal));
    }
}
