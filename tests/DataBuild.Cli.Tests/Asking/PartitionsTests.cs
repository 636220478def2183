using DataBuild.V1;

namespace DataBuild.Cli.Tests.Asking;

public sealed class PartitionsTests
{
    [Fact]
    public void Each_partition_is_told_with_its_state_and_instance()
    {
        using var project = Project.Small(fail: "raw/2");
        project.Build();
        var report = project.Ask("partitions", "--json").Succeeded().As<PartitionsReport>();
        Assert.Equal(["report/1", "report/2", "report/3", "raw/1", "raw/2", "raw/3", "raw/4"], report.Partitions.Select(partition => partition.Ref));
        Assert.Equal("", report.Next);
        var live = report.Partitions.Single(partition => partition.Ref == "raw/1");
        Assert.Equal((RefState.Live, "raw", (ulong)"made raw/1\n".Length), (live.State, live.Job, live.Size));
        var published = project.Ask("log", "--json", "--run", live.RunId).LinesAs<LoggedEvent>()[^1];
        Assert.Equal((published.Offset, published.Event.Timestamp), (live.PublishedAt, live.Published));
        var failed = report.Partitions.Single(partition => partition.Ref == "raw/2");
        Assert.Equal((RefState.Failed, "", 0ul), (failed.State, failed.RunId, failed.PublishedAt));
        Assert.Equal(
            [("raw/{n:int}", 4L, 3L, 1L, 0L), ("report/{n:int}", 3L, 1L, 0L, 2L)],
            report.Families.Select(family => (family.Pattern, family.Total, family.Refs.Live, family.Refs.Failed, family.Refs.UpstreamFailed)));
    }

    [Fact]
    public void Sets_globs_states_and_jobs_choose()
    {
        using var project = Project.Small(fail: "raw/2");
        project.Build();
        string[] Refs(params string[] arguments) => [.. project.Ask(["partitions", "--json", .. arguments]).Succeeded().As<PartitionsReport>().Partitions.Select(partition => partition.Ref)];
        Assert.Equal(["raw/3", "raw/4", "raw/5"], Refs("raw/{3..5}"));
        Assert.Equal(["raw/1", "raw/2", "raw/3", "raw/4"], Refs("raw/*"));
        Assert.Equal(["report/2", "raw/4", "raw/1", "raw/2", "raw/3"], Refs("report/2", "raw/4", "raw/*"));
        Assert.Equal(["raw/2"], Refs("--state", "failed"));
        Assert.Equal(["report/1", "report/2"], Refs("--state", "UpstreamFailed"));
        Assert.Equal(["report/3", "raw/1", "raw/3", "raw/4"], Refs("--state", "Live"));
        Assert.Equal(["raw/1", "raw/2", "raw/3", "raw/4"], Refs("--job", "raw"));
        Assert.Equal([], Refs("nothing/**"));
        project.Ask("partitions", "--job", "rwa").Failed(2, "DBLD2117", "rwa", "raw, report");
        project.Ask("partitions", "rwa/{1..2}").Failed(2, "DBLD3001", "rwa");
    }

    [Fact]
    public void Pages_follow_one_another_without_gap_or_overlap()
    {
        using var project = Project.Small();
        project.Build();
        var refs = new List<string>();
        string after = "";
        for (int page = 0; page < 10; page++)
        {
            var report = project.Ask(["partitions", "--json", "--limit", "3", .. after.Length > 0 ? ["--after", after] : Array.Empty<string>()]).Succeeded().As<PartitionsReport>();
            Assert.Equal(after.Length == 0, report.Families.Count > 0);
            refs.AddRange(report.Partitions.Select(partition => partition.Ref));
            after = report.Next;
            if (after.Length == 0)
            {
                break;
            }
        }

        Assert.Equal(["report/1", "report/2", "report/3", "raw/1", "raw/2", "raw/3", "raw/4"], refs);
        project.Ask("partitions", "raw/*", "--after", "report/1").Failed(2, "DBLD2115", "report/1");
    }

    [Fact]
    public void A_million_partitions_are_counted_and_twenty_shown()
    {
        using var project = new Project().Job("raw").Partition("raw/{n:int}", "raw").Want("raw/{0..999999}");
        project.Build("raw/{100..199}");
        string[] lines = project.Ask("partitions").Succeeded().Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Contains(lines, line => line.Contains("100 of 1,000,000 live, 999,900 not built, nothing known", StringComparison.Ordinal));
        Assert.Equal(2 + 1 + 20 + 1, lines.Length);
        Assert.Contains("--after 'raw/19'", lines[^1], StringComparison.Ordinal);
        Assert.Equal(
            Enumerable.Range(100, 100).Select(n => $"raw/{n}"),
            project.Ask("partitions", "--json", "--state", "Live").Succeeded().As<PartitionsReport>().Partitions.Select(partition => partition.Ref));
    }

    [Fact]
    public void All_are_listed_where_all_are_asked_for_a_page_a_line()
    {
        using var project = new Project().Job("raw").Partition("raw/{n:int}", "raw").Want("raw/{0..24999}");
        project.Build("raw/{100..199}");
        var pages = project.Ask("partitions", "--json", "--full").Succeeded().LinesAs<PartitionsReport>();
        Assert.Equal(Enumerable.Range(0, 25_000).Select(n => $"raw/{n}"), pages.SelectMany(page => page.Partitions).Select(partition => partition.Ref));
        Assert.All(pages, page => Assert.InRange(page.Partitions.Count, 1, 1_000));
        Assert.Equal(100, pages.SelectMany(page => page.Partitions).Count(partition => partition.State == RefState.Live));
        Assert.Equal(pages.SkipLast(1).Select(page => page.Partitions[^1].Ref), pages.SkipLast(1).Select(page => page.Next));
    }
}
