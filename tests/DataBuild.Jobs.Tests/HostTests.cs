using DataBuild.V1;
using Kind = DataBuild.V1.JobMessage.MessageOneofCase;

namespace DataBuild.Jobs.Tests;

public sealed class HostTests : IDisposable
{
    private readonly Workshop shop = new();

    [Fact]
    public async Task A_ref_is_done_with_what_it_read_and_what_is_worth_keeping()
    {
        shop.Data("raw/2001-02-14", "abc");

        await shop.RunAsync(
            jobs => jobs.Add("job", "daily/{date}", async (key, io) =>
            {
                string text = await File.ReadAllTextAsync(io.Input("raw/{date}"));
                await File.WriteAllTextAsync(io.Output(), text + key.Date("date").Day);
                io.Describe("rows", 3);
                io.Describe("mean", 1.5);
                io.Describe("day", key.Date());
                io.Describe("note", "fine");
            }),
            "daily/2001-02-14");

        Assert.Equal(JobExitCode.Done, shop.ExitCode);
        Assert.Equal("abc14", File.ReadAllText(shop.OutputPath("daily/2001-02-14")));
        Assert.Equal([Kind.ReadDeps, Kind.PartitionDone], shop.Messages.Select(message => message.MessageCase));
        Assert.Equal(["raw/2001-02-14"], shop.Messages[0].ReadDeps.Refs);
        Assert.Equal(
            new Dictionary<string, string> { ["rows"] = "3", ["mean"] = "1.5", ["day"] = "2001-02-14", ["note"] = "fine" },
            shop.Messages[1].PartitionDone.Metadata);
    }

    [Fact]
    public async Task In_a_batch_no_ref_stops_another()
    {
        shop.Data("in/1");
        shop.Data("in/2");
        shop.Data("in/5");

        await shop.RunAsync(
            jobs => jobs.Add("job", "out/{n:int}", (key, io) =>
            {
                File.WriteAllText(io.Output(), "begun");
                io.Input("in/{n}");
                switch (key.Int("n"))
                {
                    case 2: throw new PartitionFailedException("two is bad");
                    case 5: throw new InvalidOperationException("oops\nindeed");
                }
            }),
            "out/1", "out/2", "out/3", "out/5");

        Assert.Equal(JobExitCode.Failed, shop.ExitCode);
        Assert.Empty(shop.One("out/1", Kind.PartitionDone).PartitionDone.Metadata);
        Assert.Equal(new PartitionFailedMessage { Reason = "two is bad", Retryable = false }, shop.One("out/2", Kind.PartitionFailed).PartitionFailed);
        Assert.Equal(["in/3"], shop.One("out/3", Kind.MissingDeps).MissingDeps.Refs);
        Assert.Equal(
            new PartitionFailedMessage { Reason = "InvalidOperationException: oops indeed" }, shop.One("out/5", Kind.PartitionFailed).PartitionFailed);
        Assert.Equal(["in/5"], shop.One("out/5", Kind.ReadDeps).ReadDeps.Refs);
        Assert.Contains("HostTests", shop.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("two is bad", shop.Error, StringComparison.Ordinal);
        Assert.Equal([true, false, false, false], new[] { 1, 2, 3, 5 }.Select(n => File.Exists(shop.OutputPath($"out/{n}"))));
    }

    [Fact]
    public async Task One_miss_names_all_inputs_that_lack()
    {
        shop.Data("daily/2001-01-05");
        MissingInputsException? thrown = null;

        await shop.RunAsync(
            jobs => jobs.Add("job", "weekly/{date}", (_, io) => thrown = Assert.Throws<MissingInputsException>(() => io.Inputs("daily/{date-2d..date}"))),
            "weekly/2001-01-06");

        Assert.Equal(JobExitCode.MissingInputs, shop.ExitCode);
        Assert.Equal(["daily/2001-01-04", "daily/2001-01-06"], thrown!.Refs);
        Assert.Equal(thrown.Refs, shop.One("weekly/2001-01-06", Kind.MissingDeps).MissingDeps.Refs);
        Assert.Equal(["daily/2001-01-05"], shop.One("weekly/2001-01-06", Kind.ReadDeps).ReadDeps.Refs);
    }

    [Fact]
    public async Task A_job_may_ask_on_after_a_miss_and_still_has_missed()
    {
        shop.Data("a");

        await shop.RunAsync(
            jobs => jobs.Add("job", "out", (key, io) =>
            {
                Assert.True(io.TryInput("a", out string path));
                Assert.Equal(shop.DataPath("a"), path);
                Assert.False(io.TryInput("b", out path));
                Assert.Equal("", path);
                Assert.False(io.TryInput("c", out path));
                File.WriteAllText(io.Output(), "not to be kept");
                throw new InvalidOperationException("what comes of going on without b");
            }),
            "out");

        Assert.Equal(JobExitCode.MissingInputs, shop.ExitCode);
        Assert.Equal(["b", "c"], shop.One("out", Kind.MissingDeps).MissingDeps.Refs);
        Assert.False(File.Exists(shop.OutputPath("out")));
    }

    [Fact]
    public async Task An_input_asked_for_twice_is_reported_once()
    {
        shop.Data("a");

        await shop.RunAsync(
            jobs => jobs.Add("job", "out", (_, io) => File.WriteAllText(io.Output(), io.Input("a") + io.Input($"{"a"}"))), "out");

        Assert.Equal(["a"], shop.One("out", Kind.ReadDeps).ReadDeps.Refs);
    }

    [Fact]
    public async Task A_source_is_found_where_the_engine_says_it_is()
    {
        string path = shop.Sources("{}");
        shop.Sources($$"""{"csv/2001-02": {{System.Text.Json.JsonSerializer.Serialize(path)}}, "csv/gone": "/nowhere/at/all"}""");
        string? found = null;

        await shop.RunAsync(
            jobs => jobs.Add("job", "raw/{date}", (_, io) =>
            {
                found = io.Input("csv/{date.month}");
                io.Input("csv/gone");
            }),
            "raw/2001-02-14");

        Assert.Equal(path, found);
        Assert.Equal(["csv/2001-02"], shop.One("raw/2001-02-14", Kind.ReadDeps).ReadDeps.Refs);
        Assert.Equal(["csv/gone"], shop.One("raw/2001-02-14", Kind.MissingDeps).MissingDeps.Refs);
    }

    [Fact]
    public async Task An_empty_list_of_sources_is_no_list()
    {
        shop.Sources("");
        shop.Data("a");

        await shop.RunAsync(jobs => jobs.Add("job", "out", (_, io) => File.Copy(io.Input("a"), io.Output())), "out");

        Assert.Equal(JobExitCode.Done, shop.ExitCode);
    }

    [Fact]
    public async Task A_ref_may_be_a_folder_and_leaves_nothing_of_it_when_it_fails()
    {
        await shop.RunAsync(
            jobs => jobs.Add("job", "out/{name}", (key, io) =>
            {
                File.WriteAllText(Path.Combine(io.OutputFolder(), "part-0"), "x");
                if (key["name"] == "bad")
                {
                    throw new PartitionFailedException("bad");
                }
            }),
            "out/bad", "out/good");

        Assert.False(Directory.Exists(shop.OutputPath("out/bad")));
        Assert.True(File.Exists(shop.OutputPath("out/good/part-0")));
    }

    [Fact]
    public async Task A_handler_that_writes_nothing_has_failed()
    {
        await shop.RunAsync(jobs => jobs.Add("job", "out", (_, _) => { }), "out");

        Assert.Equal(JobExitCode.Failed, shop.ExitCode);
        Assert.Contains(shop.OutputPath("out"), shop.One("out", Kind.PartitionFailed).PartitionFailed.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ref_may_ask_to_be_run_later()
    {
        await shop.RunAsync(jobs => jobs.Add("job", "out", (_, _) => throw new RetryLaterException(TimeSpan.FromMinutes(1.5), "limit")), "out");

        Assert.Equal(JobExitCode.MissingInputs, shop.ExitCode);
        Assert.Equal(new RetryAfter { Seconds = 90, Reason = "limit" }, shop.One("out", Kind.RetryAfter).RetryAfter);
    }

    [Fact]
    public async Task Files_and_progress_are_said_for_their_ref()
    {
        await shop.RunAsync(
            jobs => jobs.Add("job", "out", (_, io) =>
            {
                io.Progress(0.5, "half");
                Assert.Equal("etc/zones", io.ReadFile("etc/zones"));
                File.WriteAllText(io.Output(), "");
            }),
            "out");

        Assert.Equal([Kind.Progress, Kind.ReadFiles, Kind.PartitionDone], shop.For("out").Select(message => message.MessageCase));
        Assert.Equal(["etc/zones"], shop.One("out", Kind.ReadFiles).ReadFiles.Paths);
    }

    [Fact]
    public async Task A_batch_is_given_all_its_refs_and_each_has_its_own_outcome()
    {
        int calls = 0;

        await shop.RunAsync(
            jobs => jobs.AddBatch("job", "out/{n:int}", async batch =>
            {
                calls++;
                Assert.Equal(3, batch.Count);
                await batch.ForEachAsync((key, io) => key.Int("n") == 2
                    ? throw new PartitionFailedException("two")
                    : File.WriteAllTextAsync(io.Output(), "x"));
            }),
            "out/1", "out/2", "out/3");

        Assert.Equal(1, calls);
        Assert.Equal([Kind.PartitionDone, Kind.PartitionFailed, Kind.PartitionDone], shop.Messages.Select(message => message.MessageCase));
    }

    [Fact]
    public async Task A_batch_that_throws_fails_those_that_have_no_outcome()
    {
        await shop.RunAsync(
            jobs => jobs.AddBatch("job", "out/{n:int}", async batch =>
            {
                await File.WriteAllTextAsync(batch[0].Output(), "x");
                batch[1].TryInput("in", out _);
                throw new PartitionFailedException("all of it");
            }),
            "out/1", "out/2");

        Assert.Equal([Kind.PartitionFailed, Kind.PartitionFailed], shop.Messages.Select(message => message.MessageCase));
        Assert.False(File.Exists(shop.OutputPath("out/1")));
    }

    [Fact]
    public async Task A_batch_stopped_by_a_miss_of_one_ref_misses_it_for_all()
    {
        await shop.RunAsync(jobs => jobs.AddBatch("job", "out/{n:int}", batch => Task.FromResult(batch[0].Input("in"))), "out/1", "out/2");

        Assert.Equal(JobExitCode.MissingInputs, shop.ExitCode);
        Assert.Equal(["in"], shop.One("out/1", Kind.MissingDeps).MissingDeps.Refs);
        Assert.Equal(["in"], shop.One("out/2", Kind.MissingDeps).MissingDeps.Refs);
    }

    [Fact]
    public async Task A_ref_that_the_program_does_not_make_fails_and_stops_no_other()
    {
        await shop.RunAsync(jobs => jobs.Add("job", "daily/{date}", (_, io) => File.WriteAllText(io.Output(), "")), "daily/2001-02-29", "daily/2001-02-28");

        Assert.Equal(JobExitCode.Failed, shop.ExitCode);
        Assert.Contains("'daily/{date}'", shop.One("daily/2001-02-29", Kind.PartitionFailed).PartitionFailed.Reason, StringComparison.Ordinal);
        Assert.Single(shop.For("daily/2001-02-28"), message => message.MessageCase == Kind.PartitionDone);
    }

    [Fact]
    public async Task A_job_may_make_several_families()
    {
        static void Write(PartitionKey key, PartitionIO io) => File.WriteAllText(io.Output(), key.Ref);

        await shop.RunAsync(jobs => jobs.Add("job", "a/{date}", Write).Add("job", "b/{date}", Write).Add("other", "c/{date}", Write), "b/2001-01-01", "a/2001-01-01");

        Assert.Equal(JobExitCode.Done, shop.ExitCode);
        Assert.All(["a/2001-01-01", "b/2001-01-01"], @ref => Assert.Equal(@ref, File.ReadAllText(shop.OutputPath(@ref))));
    }

    [Fact]
    public async Task A_job_knows_its_run_and_its_own_arguments()
    {
        JobRun? run = null;

        await shop.RunAsync(jobs => jobs.Add("make", "out", (_, io) => run = io.Run).Add("other", "x", (_, _) => { }), ["make", "--fast", "out"], ["out"], "label");

        Assert.Equal(("label", "run-1", 2, "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"), (run!.Job, run.Id, run.Attempt, run.TraceParent));
        Assert.Equal(["--fast"], run.Arguments);
    }

    [Fact]
    public async Task Refs_that_no_command_line_could_hold_come_from_the_file_alone()
    {
        await shop.RunAsync(
            jobs => jobs.Add("job", "out/{n:int}", (_, io) => File.WriteAllText(io.Output(), "")).Add("other", "x", (_, _) => { }),
            ["job"], ["out/1", "out/2"], "label");

        Assert.Equal(2, shop.Messages.Count(message => message.MessageCase == Kind.PartitionDone));
    }

    [Fact]
    public async Task Without_an_argument_the_label_names_the_job()
    {
        await shop.RunAsync(
            jobs => jobs.Add("a", "out", (_, io) => File.WriteAllText(io.Output(), "a")).Add("b", "out", (_, io) => File.WriteAllText(io.Output(), "b")),
            ["out"], ["out"], "b");

        Assert.Equal("b", File.ReadAllText(shop.OutputPath("out")));
    }

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("../secret")]
    [InlineData("a/../../secret")]
    [InlineData("a//b")]
    [InlineData("a\\b")]
    public async Task An_input_can_not_leave_the_data_root(string @ref)
    {
        await shop.RunAsync(jobs => jobs.Add("job", "out", (_, io) => Assert.Throws<ArgumentException>(() => io.Input($"{@ref}"))), "out");

        Assert.DoesNotContain(shop.Messages, message => message.MessageCase is Kind.ReadDeps or Kind.MissingDeps);
    }

    public void Dispose() => shop.Dispose();
}
