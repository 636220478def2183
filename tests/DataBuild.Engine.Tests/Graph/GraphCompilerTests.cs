using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Graph;
using DataBuild.V1;

namespace DataBuild.Engine.Tests.Graph;

public sealed class GraphCompilerTests
{
    [Fact]
    public void The_example_of_the_documentation_compiles()
    {
        var graph = new Project()
            .Job("ingest", job => (job.Command, job.Program, job.Arguments, job.BatchSize) = ("", "jobs/bin/Jobs.dll", "ingest", "31"))
            .Job("daily", job => (job.Command, job.Program, job.Arguments) = ("", "jobs/bin/Jobs.dll", "daily"))
            .Job("report")
            .Source("csv/{month}", "csv/{month}.csv.gz")
            .Partition("raw/{date}", "csv/{date.month}", "ingest")
            .Partition("daily/{date}", "raw/{date}", "daily")
            .Partition("report/{month}.html", "", "report")
            .Want("report/{2001-01..2001-03}.html", want => (want.Sla, want.Ttl, want.Priority) = ("6h", "30d", "-3"))
            .Compile();

        Assert.Equal(("test", "UTC"), (graph.Name, graph.TimeZone));
        Assert.Equal(["raw/{date}", "daily/{date}", "report/{month}.html", "csv/{month}"], graph.Families.Select(family => family.Pattern.Text));
        Assert.Equal([0, 1, 2, 3], graph.Families.Select(family => family.Index));
        var ingest = graph.FindJob("ingest")!;
        Assert.Equal(["dotnet", "jobs/bin/Jobs.dll", "ingest"], ingest.Command);
        Assert.Equal((0, 31, "local"), (ingest.Index, ingest.BatchSize, ingest.Executor));
        Assert.Same(ingest, graph.Find("raw/2001-01-05")!.Job);
        Assert.Null(graph.FindJob("Ingest"));
        var want = Assert.Single(graph.Wants);
        Assert.Equal((TimeSpan.FromDays(30), TimeSpan.FromHours(6), -3), (want.Ttl, want.Sla, want.Priority));
        Assert.True(graph.Find("csv/2001-01")!.IsSource);
    }

    [Fact]
    public void An_empty_project_compiles() => Assert.Empty(new Project().Compile().Families);

    [Fact]
    public void All_metadata_of_a_job_are_read()
    {
        var job = new Project().Pool("gpu", "4").Pool("db").Job("make", definition =>
        {
            definition.Command = "sh -c 'echo \"$1\"' x\\ y \"a\\\"b\"";
            definition.Arguments = "--fast '' ";
            definition.Environment = "A=1;B=x=y ; C=";
            definition.PassEnvironment = "TOKEN; KEY";
            definition.WorkingDirectory = "jobs";
            definition.BatchSize = "100";
            definition.BatchBy = "region;month";
            definition.MaxConcurrency = "2";
            definition.Pools = "gpu:3;db";
            definition.Timeout = "10m";
            definition.Retries = "5";
            definition.RetryDelay = "500ms";
            definition.RetryExitCodes = "1;75";
            definition.Executor = "local";
            definition.OnStale = "Warn";
        }).Partition("a/{month}/{region}", more: partition => (partition.Early, partition.Retention) = ("true", "90d")).Compile().Jobs[0];

        Assert.Equal(["sh", "-c", "echo \"$1\"", "x y", "a\"b", "--fast", ""], job.Command);
        Assert.Equal([new("A", "1"), new("B", "x=y "), new("C", "")], job.Environment);
        Assert.Equal(["TOKEN", "KEY"], job.PassEnvironment);
        Assert.Equal(("jobs", 100, 2, 5), (job.WorkingDirectory, job.BatchSize, job.MaxConcurrency, job.Retries));
        Assert.Equal(["region", "month"], job.BatchBy);
        Assert.Equal(new Dictionary<string, int> { ["gpu"] = 3, ["db"] = 1 }, job.Pools);
        Assert.Equal((TimeSpan.FromMinutes(10), TimeSpan.FromMilliseconds(500), OnStale.Warn), (job.Timeout, job.RetryDelay, job.OnStale));
        Assert.Equal([1, 75], job.RetryExitCodes!.Order());
    }

    [Fact]
    public void What_a_job_does_not_say_has_a_default()
    {
        var graph = Project.WithJob().Partition("a/{date}").Compile();
        var job = graph.Jobs[0];
        Assert.Equal((1, 0, TimeSpan.FromSeconds(1), OnStale.Rebuild), (job.BatchSize, job.Retries, job.RetryDelay, job.OnStale));
        Assert.Null(job.MaxConcurrency);
        Assert.Null(job.Timeout);
        Assert.Null(job.RetryExitCodes);
        Assert.Empty(job.Pools);
        Assert.False(graph.Families[0].Early);
        Assert.Null(graph.Families[0].Retention);
    }

    [Fact]
    public void A_program_that_is_no_dll_is_run_as_it_is() =>
        Assert.Equal(["bin/job", "x"], new Project().Job("make", job => (job.Command, job.Program, job.Arguments) = ("", "bin/job", "x")).Compile().Jobs[0].Command);

    [Fact]
    public void Every_error_is_reported_not_only_the_first()
    {
        var codes = GraphCompiler.Compile(
            new Project()
                .Job("1st")
                .Job("Build")
                .Job("make", job => (job.BatchSize, job.Timeout) = ("0", "soon"))
                .Partition("a/{date}", "nothing/{date}", "maek")
                .Partition("b/{date")
                .Source("c/{day:date}", "")
                .Want("d/x")
                .Want("a/{2001-01-02..2001-01-01}")
                .Document).Diagnostics.Select(diagnostic => diagnostic.Code);

        // What nothing produces is not reported while a pattern cannot be read: it may be the one.
        Assert.Equal(
            new[]
            {
                Rules.BadJobLabel, Rules.ReservedJobLabel, Rules.BadNumber, Rules.BadDuration, Rules.UnknownJob, Rules.BadPattern, Rules.BadSourcePath, Rules.InvertedRange,
            }.Select(rule => rule.Code),
            codes);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1st")]
    [InlineData("a.b")]
    [InlineData("a b")]
    [InlineData("-x")]
    [InlineData("größe")]
    public void A_malformed_label_is_refused(string label) => new Project().Job(label).Fails(Rules.BadJobLabel, "Job", label);

    [Theory]
    [InlineData("Build")]
    [InlineData("restore")]
    [InlineData("CLEAN")]
    [InlineData("Rebuild")]
    [InlineData("Publish")]
    [InlineData("Pack")]
    [InlineData("VSTest")]
    [InlineData("Test")]
    [InlineData("Run")]
    [InlineData("ResolveReferences")]
    [InlineData("CoreCompile")]
    [InlineData("DataBuildPlan")]
    [InlineData("_databuildX")]
    public void A_label_that_is_a_target_of_the_sdk_is_refused(string label) => new Project().Job(label).Fails(Rules.ReservedJobLabel, "Job", label);

    [Fact]
    public void Labels_that_differ_only_in_case_are_refused() =>
        Assert.Contains("'make'", new Project().Job("make").Job("Make").Fails(Rules.DuplicateJobLabel, "Job", "Make"), StringComparison.Ordinal);

    [Theory]
    [InlineData("maek", "did you mean 'make'?")]
    [InlineData("other", "declare it")]
    [InlineData("", "names no job")]
    public void A_partition_of_an_unknown_job_is_refused(string job, string hint) =>
        Assert.Contains(hint, Project.WithJob().Partition("a/{date}", job: job).Want("a/2001-01-05").Fails(Rules.UnknownJob, "Partition", "a/{date}"), StringComparison.Ordinal);

    [Fact]
    public void A_job_has_one_program()
    {
        new Project().Job("make", job => job.Command = "").Fails(Rules.JobWithoutProgram, "Job", "make");
        new Project().Job("make", job => job.Program = "x.dll").Fails(Rules.JobWithTwoPrograms, "Job", "make");
    }

    [Theory]
    [InlineData("make 'x")]
    [InlineData("make \"x")]
    [InlineData("make x\\")]
    [InlineData("make \"x\\")]
    [InlineData("  ")]
    [InlineData("'' x")]
    public void A_command_that_cannot_be_split_is_refused(string command) =>
        new Project().Job("make", job => job.Command = command).Fails(Rules.BadQuoting, "Job", "make");

    [Fact]
    public void Arguments_are_split_like_the_command() =>
        new Project().Job("make", job => job.Arguments = "'").Fails(Rules.BadQuoting, "Job", "make");

    [Fact]
    public void A_shell_operator_is_warned_of_unless_quoted()
    {
        var text = new Project().Job("make", job => job.Command = "cat x | sort").Fails(Rules.ShellOperator, "Job", "make");
        Assert.Contains("'|'", text, StringComparison.Ordinal);
        Assert.Equal(["grep", "|", "x"], new Project().Job("make", job => job.Command = "grep '|' x").Compile().Jobs[0].Command);
        Assert.Equal(["grep", "|", "x"], new Project().Job("make", job => job.Command = "grep \"|\" x").Compile().Jobs[0].Command);
        Assert.Equal(["grep", "|", "x"], new Project().Job("make", job => job.Command = "grep \\| x").Compile().Jobs[0].Command);
        Assert.Contains("'>'", new Project().Job("make", job => job.Command = "> x").Fails(Rules.ShellOperator, "Job", "make"), StringComparison.Ordinal);
        Assert.Contains("'|'", new Project().Job("make", job => job.Command = "a | b > c").Fails(Rules.ShellOperator, "Job", "make"), StringComparison.Ordinal);
    }

    [Fact]
    public void Entries_of_a_list_may_be_blank() =>
        Assert.Equal([new("A", "1"), new("B", "2")], new Project().Job("make", job => job.Environment = "A=1; ;B=2;").Compile().Jobs[0].Environment);

    [Fact]
    public void The_ends_of_a_range_of_numbers_belong_to_it()
    {
        Assert.Equal(100_000, new Project().Job("make", job => job.BatchSize = "100000").Compile().Jobs[0].BatchSize);
        new Project().Job("make", job => job.BatchSize = "100001").Fails(Rules.BadNumber, "Job", "make");
        Assert.Equal([1, 255], new Project().Job("make", job => job.RetryExitCodes = "1;255").Compile().Jobs[0].RetryExitCodes!.Order());
        new Project().Job("make", job => job.RetryExitCodes = "256").Fails(Rules.BadNumber, "Job", "make");
    }

    [Fact]
    public void The_error_of_one_item_is_no_error_of_those_that_use_it()
    {
        new Project().Pool("a b", "").Fails(Rules.BadPool, "Pool", "a b");
        new Project().Job("1st").Job("make").Partition("a", job: "1st").Fails(Rules.BadJobLabel, "Job", "1st");
        Project.WithJob().Source("csv/{").Partition("p/{date}", "csv/{date}").Fails(Rules.BadPattern, "Source", "csv/{");
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("many")]
    [InlineData("1.5")]
    [InlineData("99999999999")]
    [InlineData("1,000")]
    public void A_number_out_of_its_range_is_refused(string number)
    {
        new Project().Job("make", job => job.BatchSize = number).Fails(Rules.BadNumber, "Job", "make");
        new Project().Job("make", job => job.MaxConcurrency = number).Fails(Rules.BadNumber, "Job", "make");
        new Project().Job("make", job => job.RetryExitCodes = "1;" + number).Fails(Rules.BadNumber, "Job", "make");
        new Project().Pool("p", number).Fails(Rules.BadNumber, "Pool", "p");
    }

    [Fact]
    public void Retries_may_be_zero_but_not_negative()
    {
        Assert.Equal(0, new Project().Job("make", job => job.Retries = "0").Compile().Jobs[0].Retries);
        new Project().Job("make", job => job.Retries = "-1").Fails(Rules.BadNumber, "Job", "make");
        Project.WithJob().Partition("a").Want("a", want => want.Priority = "high").Fails(Rules.BadNumber, "Want", "a");
    }

    [Theory]
    [InlineData("10")]
    [InlineData("-5m")]
    [InlineData("0s")]
    [InlineData("5 m")]
    [InlineData("1.5h")]
    [InlineData("5M")]
    [InlineData("h")]
    [InlineData("9999999999999999999d")]
    [InlineData("101000d")]
    public void A_duration_without_a_unit_or_out_of_range_is_refused(string duration)
    {
        new Project().Job("make", job => job.Timeout = duration).Fails(Rules.BadDuration, "Job", "make");
        Project.WithJob().Partition("a", more: partition => partition.Retention = duration).Fails(Rules.BadDuration, "Partition", "a");
        Project.WithJob().Partition("a").Want("a", want => want.Ttl = duration).Fails(Rules.BadDuration, "Want", "a");
    }

    [Fact]
    public void A_retry_delay_and_an_sla_may_be_zero()
    {
        Assert.Equal(TimeSpan.Zero, new Project().Job("make", job => job.RetryDelay = "0s").Compile().Jobs[0].RetryDelay);
        Assert.Equal(TimeSpan.Zero, Project.WithJob().Partition("a").Want("a", want => want.Sla = "0s").Compile().Wants[0].Sla);
        Project.WithJob().Partition("a").Want("a", want => want.Sla = "x").Fails(Rules.BadDuration, "Want", "a");
        Project.WithJob().Partition("a").Want("a", want => want.Sla = "5M").Fails(Rules.BadDuration, "Want", "a");
    }

    [Fact]
    public void A_duration_is_at_most_a_hundred_years()
    {
        Assert.True(Durations.TryParse("36525d", out var duration));
        Assert.Equal(36_525, duration.TotalDays);
        Assert.False(Durations.TryParse("36526d", out _));
    }

    [Theory]
    [InlineData("0s", "0d")]
    [InlineData("2w", "14d")]
    [InlineData("24h", "1d")]
    [InlineData("25h", "25h")]
    [InlineData("90m", "90m")]
    [InlineData("61s", "61s")]
    [InlineData("1500ms", "1500ms")]
    public void A_duration_is_written_in_the_largest_unit_that_it_is_whole_in(string text, string written)
    {
        Assert.True(Durations.TryParse(text, out var duration));
        Assert.Equal(written, Durations.Format(duration));
    }

    [Theory]
    [InlineData("500ms", 0.5)]
    [InlineData("30s", 30)]
    [InlineData("10m", 600)]
    [InlineData("6h", 21_600)]
    [InlineData("7d", 604_800)]
    [InlineData("2w", 1_209_600)]
    public void Durations_have_units(string text, double seconds)
    {
        Assert.True(Durations.TryParse(text, out var duration));
        Assert.Equal(seconds, duration.TotalSeconds);
    }

    [Theory]
    [InlineData("A", "")]
    [InlineData("1A=x", "")]
    [InlineData("A B=x", "")]
    [InlineData("A=1;A=2", "")]
    [InlineData("DATABUILD_JOB=x", "")]
    [InlineData("", "A B")]
    [InlineData("", "A;A")]
    [InlineData("A=1", "A")]
    [InlineData("", "DATABUILD_JOB")]
    public void A_bad_environment_is_refused(string environment, string pass) =>
        new Project().Job("make", job => (job.Environment, job.PassEnvironment) = (environment, pass)).Fails(Rules.BadEnvironment, "Job", "make");

    [Fact]
    public void BatchBy_names_a_placeholder_of_each_pattern_of_the_job()
    {
        var text = new Project().Job("make", job => job.BatchBy = "regoin").Partition("a/{region}").Fails(Rules.BadBatchBy, "Job", "make");
        Assert.Contains("did you mean 'region'?", text, StringComparison.Ordinal);
        new Project().Job("make", job => job.BatchBy = "x").Partition("a/{x}").Partition("b/{date}").Fails(Rules.BadBatchBy, "Job", "make");
    }

    [Fact]
    public void A_job_takes_slots_of_declared_pools_that_are_large_enough()
    {
        var text = new Project().Pool("gpu", "2").Job("make", job => job.Pools = "gpus:1").Fails(Rules.UnknownPool, "Job", "make");
        Assert.Contains("did you mean 'gpu'?", text, StringComparison.Ordinal);
        new Project().Pool("gpu", "2").Job("make", job => job.Pools = "gpu:3").Fails(Rules.BadPool, "Job", "make");
        new Project().Pool("gpu", "2").Job("make", job => job.Pools = "gpu:1;gpu:1").Fails(Rules.BadPool, "Job", "make");
        new Project().Pool("gpu", "2").Job("make", job => job.Pools = "gpu:some").Fails(Rules.BadNumber, "Job", "make");
    }

    [Fact]
    public void A_pool_has_a_name_and_slots_and_is_declared_once()
    {
        new Project().Pool("a b").Fails(Rules.BadPool, "Pool", "a b");
        new Project().Pool("p", "").Fails(Rules.BadPool, "Pool", "p");
        new Project().Pool("p").Pool("p").Fails(Rules.BadPool, "Pool", "p");
    }

    [Fact]
    public void A_choice_is_one_of_those_there_are()
    {
        Assert.Contains("rebuild or warn or ignore", new Project().Job("make", job => job.OnStale = "maybe").Fails(Rules.BadChoice, "Job", "make"), StringComparison.Ordinal);
        Project.WithJob().Partition("a", more: partition => partition.Early = "yes").Fails(Rules.BadChoice, "Partition", "a");
    }

    [Fact]
    public void A_bad_pattern_is_reported_at_its_item()
    {
        Project.WithJob().Partition("a/{date").Fails(Rules.BadPattern, "Partition", "a/{date");
        Project.WithJob().Partition("a/{n:integer}").Fails(Rules.UnknownPlaceholderType, "Partition", "a/{n:integer}");
        Project.WithJob().Source("{a}-{b}").Fails(Rules.AmbiguousPattern, "Source", "{a}-{b}");
    }

    [Fact]
    public void A_want_that_nothing_produces_is_refused_with_the_nearest_pattern()
    {
        var text = Project.WithJob().Partition("delays/daily/{date}").Want("delays/dialy/2001-01-07").Fails(Rules.NoProducer, "Want", "delays/dialy/2001-01-07");
        Assert.Equal("no job produces 'delays/dialy/2001-01-07', wanted here. Did you mean the pattern 'delays/daily/{date}'?", text);
        var set = Project.WithJob().Partition("delays/daily/{date}").Want("delays/dialy/{2001-01-01..2001-01-31}").Fails(Rules.NoProducer, "Want", "delays/dialy/{2001-01-01..2001-01-31}");
        Assert.Equal("no job produces 'delays/dialy/{2001-01-01..2001-01-31}', wanted here. Did you mean the pattern 'delays/daily/{date}'?", set);
        Assert.EndsWith("whose pattern matches it.", Project.WithJob().Partition("delays/daily/{date}").Want("quite/another").Fails(Rules.NoProducer, "Want", "quite/another"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_want_that_is_declared_twice_is_refused() =>
        Project.WithJob().Partition("a").Want("a").Want("a").Fails(Rules.DuplicateWant, "Want", "a");

    [Fact]
    public void A_want_of_a_source_is_refused() =>
        Project.WithJob().Source("csv/{month}").Want("csv/{2001-01..2001-02}").Fails(Rules.SourceWanted, "Want", "csv/{2001-01..2001-02}");

    [Fact]
    public void A_relative_want_is_checked_without_knowing_the_day() =>
        Project.WithJob().Partition("a/{date}").Want("a/{2024-01-01..today}").Want("a/{today-30d..today}").Compile();

    [Fact]
    public void Every_rule_of_authoring_and_graphs_has_its_own_code_in_its_range()
    {
        var codes = Rules.All.Select(rule => rule.Code).ToList();
        Assert.Equal(codes.Count, codes.Distinct().Count());
        Assert.Contains(Rules.All, rule => rule == Rules.NoProducer);
        Assert.All(Rules.All.Where(rule => rule.Code[4] is '1' or '3'), rule => Assert.Matches("^DBLD[13][0-9]{3}$", rule.Code));
    }
}
