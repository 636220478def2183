using DataBuild.V1;

namespace DataBuild.Cli.Tests.Changing;

/// <summary>The changing verbs on a log that nobody writes, by the real executable.</summary>
public sealed class ChangeTests
{
    [Fact]
    public void A_want_of_a_million_refs_is_one_small_event_and_the_next_build_makes_what_is_wanted()
    {
        using var project = Project.Small();
        string dotnet = project.StubDotnet();
        var report = project.Make(dotnet, "want", "report/{1..1000000}", "--priority", "3", "--sla", "1h", "--comment", "äöü", "--json").Succeeded().As<CommandReport>();
        Assert.Equal((true, 1_000_000), (report.Changed, report.Refs));
        string id = Assert.Single(report.WantIds);
        Assert.True(new FileInfo(project.Log).Length < 200_000);
        project.Ask("cancel", id, "--because", "too many").Succeeded();

        project.Make(dotnet, "want", "report/7").Succeeded();
        Assert.Equal(BuildOutcome.Built, project.Build().Outcome);
        Assert.True(File.Exists(Path.Combine(project.Folder, "data", "report", "7")));
        Assert.False(File.Exists(Path.Combine(project.Folder, "data", "report", "9")));
    }

    [Fact]
    public void A_preview_says_what_would_be_and_appends_nothing()
    {
        using var project = Project.Small();
        string dotnet = project.StubDotnet();
        project.Build();
        var before = project.Ask("log").Succeeded().Out;
        string[][] verbs =
        [
            ["want", "report/9"], ["taint", "raw/1", "--downstream"], ["retry", "report/{1..3}"], ["accept", "report/1", "--because", "x"], ["adopt", "--all"],
        ];
        foreach (string[] verb in verbs)
        {
            var report = project.Make(dotnet, [.. verb, "--preview", "--json"]).Succeeded().As<CommandReport>();
            Assert.Equal((true, false, verb[0]), (report.Preview, report.Changed, report.Verb));
            Assert.NotEqual("", report.Summary);
        }

        Assert.Equal(before, project.Ask("log").Succeeded().Out);
    }

    [Fact]
    public void A_taint_marks_what_was_made_from_it_and_is_lifted_by_its_id_or_from_a_set()
    {
        using var project = Project.Small();
        project.Build();
        var taint = project.Ask("taint", "raw/2", "--downstream", "--because", "bad feed", "--json").Succeeded().As<CommandReport>();
        Assert.Equal(3, taint.Refs);
        Assert.Equal([("raw/{n:int}", 1L), ("report/{n:int}", 2L)], taint.Families.Select(family => (family.Pattern, family.Refs)));
        Assert.Equal("bad feed", project.Ask("why", "report/1", "--json").Succeeded().As<WhyReport>().Taints.Single().Comment);

        Assert.Equal(1, project.Ask("untaint", "report/1", "--json").Succeeded().As<CommandReport>().Refs);
        Assert.Empty(project.Ask("why", "report/1", "--json").Succeeded().As<WhyReport>().Taints);
        project.Ask("untaint", taint.TaintIds.Single()).Succeeded();
        Assert.Equal(BuildOutcome.UpToDate, project.Build().Outcome);

        project.Ask("taint", "report/{1..100}").Succeeded();
        Assert.Equal(3, project.Build().Built);
    }

    [Fact]
    public void A_retry_reaches_the_failed_leaf_through_what_waits_for_it()
    {
        using var project = Project.Small(fail: "raw/2");
        project.Build();
        var retry = project.Ask("retry", "report/{1..1000}", "--json").Succeeded().As<CommandReport>();
        Assert.Equal(["raw/2"], retry.FirstRefs);
        Assert.False(project.Ask("retry", "report/{1..3}", "--json").Succeeded().As<CommandReport>().Changed);
    }

    [Fact]
    public void After_an_accept_of_changed_jobs_and_files_a_build_has_nothing_to_do()
    {
        using var project = Project.Small();
        string dotnet = project.StubDotnet();
        project.Build();
        File.AppendAllText(Path.Combine(project.Folder, "write.sh"), "# another version\n");
        File.AppendAllText(Path.Combine(project.Folder, "data", "report", "2"), "by hand\n");
        var accept = project.Make(dotnet, "accept", "raw/{1..4}", "report/{1..3}", "--because", "only a comment", "--json").Succeeded().As<CommandReport>();
        Assert.Equal((true, 7), (accept.Changed, accept.Refs));
        Assert.Equal(BuildOutcome.UpToDate, project.Build().Outcome);
        Assert.False(project.Make(dotnet, "accept", "report/1", "--because", "again", "--json").Succeeded().As<CommandReport>().Changed);
        Assert.Contains("only a comment", project.Ask("log").Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_lost_log_costs_no_rebuild()
    {
        using var project = Project.Small().Source("in/{n:int}", "in/{n}");
        project.Graph.Partitions[0].Needs = "in/{n}";
        Directory.CreateDirectory(Path.Combine(project.Folder, "in"));
        for (int n = 1; n <= 4; n++)
        {
            File.WriteAllText(Path.Combine(project.Folder, "in", $"{n}"), $"{n}");
        }

        string dotnet = project.StubDotnet();
        project.Build();
        Directory.Delete(Path.Combine(project.Folder, ".databuild"), recursive: true);
        project.Make(dotnet, "adopt", "--all").Failed(1, "DBLD6101", "databuild adopt --all --claim");
        Assert.Contains("databuild adopt --all --claim", project.Build().Diagnostics.Single().Text, StringComparison.Ordinal);

        var adopt = project.Make(dotnet, "adopt", "--all", "--claim", "--json").Succeeded().As<CommandReport>();
        Assert.Equal(7, adopt.Refs);
        Assert.Empty(adopt.Notes);
        Assert.Equal(BuildOutcome.UpToDate, project.Build().Outcome);
        Assert.False(project.Make(dotnet, "adopt", "--all", "--claim", "--json").Succeeded().As<CommandReport>().Changed);

        File.WriteAllText(Path.Combine(project.Folder, "in", "4"), "other");
        Assert.Equal(1, project.Build().Runs);
    }

    [Fact]
    public void A_family_whose_reads_are_found_at_run_time_is_named_when_it_is_adopted()
    {
        using var project = new Project().Job("raw").Partition("raw/{n:int}", "raw").Want("raw/{1..2}");
        Directory.CreateDirectory(Path.Combine(project.Folder, "data", "raw"));
        File.WriteAllText(Path.Combine(project.Folder, "data", "raw", "1"), "there");
        var adopt = project.Make(project.StubDotnet(), "adopt", "raw/{1..2}", "--json").Succeeded().As<CommandReport>();
        Assert.Equal(1, adopt.Refs);
        Assert.Contains("raw/{n:int}", Assert.Single(adopt.Notes), StringComparison.Ordinal);
        Assert.Equal(1, project.Build().Built);
    }

    [Fact]
    public void A_renamed_family_keeps_its_data_and_is_not_built_again()
    {
        using var project = Project.Small();
        project.Build();
        project.Graph.Partitions[0].Pattern = "roh äö/{n:int}.csv";
        project.Graph.Partitions[1].Needs = "roh äö/{n}.csv;roh äö/{n+1}.csv";
        string dotnet = project.StubDotnet();
        var rename = project.Make(dotnet, "rename", "raw/{n:int}", "roh äö/{n:int}.csv", "--json").Succeeded().As<CommandReport>();
        Assert.Equal((true, 4), (rename.Changed, rename.Refs));
        Assert.Equal("made raw/3\n", File.ReadAllText(Path.Combine(project.Folder, "data", "roh äö", "3.csv")));
        Assert.False(Directory.Exists(Path.Combine(project.Folder, "data", "raw")));
        Assert.Equal(BuildOutcome.UpToDate, project.Build().Outcome);
        project.Make(dotnet, "rename", "raw/{n:int}", "roh äö/{n:int}.csv").Failed(1, "DBLD4040", "raw/{n:int}");
    }

    [Fact]
    public void A_rename_that_cannot_be_is_refused_and_changes_nothing()
    {
        using var project = Project.Small();
        project.Build();
        string dotnet = project.StubDotnet();
        project.Make(dotnet, "rename", "raw/{n:int}", "roh/{n:int}").Failed(1, "DBLD4038", "roh/{n:int}", "change the pattern there first");
        project.Graph.Partitions[0].Pattern = "roh/{n:int}";
        project.Graph.Partitions[1].Needs = "roh/{n}";
        project.StubDotnet();
        project.Make(dotnet, "rename", "raw/{n:int}", "roh/{m:int}").Failed(1, "DBLD4038", "'n'");
        Directory.CreateDirectory(Path.Combine(project.Folder, "data", "roh", "2"));
        project.Make(dotnet, "rename", "raw/{n:int}", "roh/{n:int}").Failed(1, "DBLD4039", "roh/2");
        Assert.Equal("made raw/2\n", File.ReadAllText(Path.Combine(project.Folder, "data", "raw", "2")));
    }

    [Fact]
    public void What_makes_no_sense_is_refused_in_one_line()
    {
        using var project = Project.Small();
        string dotnet = project.StubDotnet();
        project.Build();
        string standing = project.Ask("status", "--json").As<StatusReport>().Wants.Single().WantId;
        project.Ask("cancel", standing).Failed(1, "DBLD4030", standing, "take it out of the project");
        project.Ask("cancel", "report/{1..3}").Failed(1, "DBLD4030");
        project.Ask("cancel", "report/9").Failed(1, "DBLD4031", "report/9");
        project.Ask("cancel", "want-0").Failed(1, "DBLD4031", "want-0");
        project.Ask("cancel", "00000000-0000-7000-8000-000000000001").Failed(1, "DBLD4031");
        project.Ask("taint", "raw/99").Failed(1, "DBLD4032", "raw/99");
        project.Ask("untaint", "raw/1").Failed(1, "DBLD4033", "raw/1");
        project.Ask("untaint", "taint-1").Failed(1, "DBLD4033", "taint-1");
        project.Ask("taint", "raw/{9..1}").Failed(2, "DBLD3010");
        project.Ask("taint", "../x").Failed(2, "DBLD3008");
        project.Ask("taint").Failed(2, "DBLD2101");
        project.Make(dotnet, "accept", "raw/99", "--because", "x").Failed(1, "DBLD4034", "raw/99");
        project.Make(dotnet, "accept", "raw/1").Failed(2, "DBLD2101", "--because");
        project.Make(dotnet, "adopt", "raw/99").Failed(1, "DBLD4042", "raw/99");
        project.Make(dotnet, "adopt").Failed(2, "DBLD2101");
        project.Make(dotnet, "want", "raw/1", "--ttl", "soon").Failed(2, "DBLD2101", "soon");
    }

    [Fact]
    public void A_want_that_covers_more_than_the_set_is_cancelled_by_its_id_alone()
    {
        using var project = Project.Small();
        string dotnet = project.StubDotnet();
        string id = project.Make(dotnet, "want", "report/{5..1000000}", "--json").Succeeded().As<CommandReport>().WantIds.Single();
        project.Ask("cancel", "report/{5..10}").Failed(1, "DBLD4031", id, "by its id");
        Assert.Equal([id], project.Ask("cancel", "report/{1..2000000}", "--json").Succeeded().As<CommandReport>().WantIds);
        project.Ask("cancel", "report/{1..2000000}").Failed(1, "DBLD4030");
    }

    [Fact]
    public void Two_verbs_at_once_are_both_done()
    {
        using var project = Project.Small();
        project.Build();
        Parallel.Invoke(
            () => project.Ask("taint", "raw/1", "--because", "one").Succeeded(),
            () => project.Ask("taint", "raw/2", "--because", "two").Succeeded());
        Assert.Equal(2, project.Ask("status", "--json").As<StatusReport>().Taints.Count);
    }
}
