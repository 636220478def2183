using DataBuild.V1;

namespace DataBuild.Cli.Tests.Asking;

public sealed class WantsTests
{
    [Fact]
    public void A_standing_want_is_told_with_its_counts_and_what_it_asks_for()
    {
        using var project = Project.Small(fail: "raw/2");
        project.Graph.Wants[0].Priority = "3";
        project.Graph.Wants[0].Ttl = "36500d";
        project.Graph.Wants[0].Sla = "6h";
        project.Graph.Wants[0].Comment = "for the board";
        project.Build();
        var report = project.Ask("wants", "--json").Succeeded().As<WantsReport>();
        var want = Assert.Single(report.Wants);
        Assert.Equal(("report/{1..3}", "UpstreamFailed", 3L, 1L, 2L), (want.Partitions, want.State, want.Total, want.Refs.Live, want.Refs.UpstreamFailed));
        Assert.Equal((true, "project", 3, "for the board", want.WantId), (want.Standing, want.Source, want.Priority, want.Comment, want.RootWantId));
        Assert.Equal(want.Created.ToDateTime().AddHours(6), want.Deadline.ToDateTime());
        string text = project.Ask("wants").Succeeded().Out;
        Assert.Contains("report/{1..3}  UpstreamFailed  1 of 3 live, 2 blocked", text, StringComparison.Ordinal);
        Assert.Contains("priority 3, for 36500d, due within 6h, next by ", text, StringComparison.Ordinal);
    }

    [Fact]
    public void States_and_limits_choose_wants()
    {
        using var project = new Project().Job("raw", "raw/3").Partition("raw/{n:int}", "raw").Want("raw/1").Want("raw/2").Want("raw/3");
        project.Build();
        Assert.Equal(["raw/3"], project.Ask("wants", "--json", "--state", "failed").Succeeded().As<WantsReport>().Wants.Select(want => want.Partitions));
        var cut = project.Ask("wants", "--json", "--limit", "2").Succeeded().As<WantsReport>();
        Assert.Equal((2, 1L), (cut.Wants.Count, cut.LeftOff));
        Assert.Contains("and 1 more", project.Ask("wants", "--limit", "2").Succeeded().Out, StringComparison.Ordinal);
        Assert.Contains("no want is in such a state", project.Ask("wants", "--state", "Building").Succeeded().Out, StringComparison.Ordinal);
        project.Ask("wants", "--state", "sleeping").Failed(2, "DBLD2101", "sleeping", "UpstreamFailed");
    }

    [Fact]
    public void Wants_that_ended_are_told_when_asked_for()
    {
        using var project = Project.Small();
        project.Build("raw/{7..8}");
        Assert.Equal(["report/{1..3}"], project.Ask("wants", "--json").Succeeded().As<WantsReport>().Wants.Select(want => want.Partitions));
        var wants = project.Ask("wants", "--json", "--ended").Succeeded().As<WantsReport>().Wants;
        Assert.Equal(["raw/{7..8}", "report/{1..3}"], wants.Select(want => want.Partitions));
        Assert.Equal(("Successful", "command line"), (wants[0].State, wants[0].Source));
        Assert.NotNull(wants[0].Ended);
    }
}
