using System.Diagnostics;
using System.IO.Compression;
using System.Text.RegularExpressions;
using DataBuild.V1;
using Google.Protobuf;

namespace DataBuild.Integration.Tests;

/// <summary>The flights sample on its real data, in a folder of its own.</summary>
public sealed partial class FlightsTests(FlightsTests.Sample sample) : IClassFixture<FlightsTests.Sample>
{
    [Fact]
    public void Rebuilds_are_exact()
    {
        using var project = sample.Copy();
        var first = project.Build();
        Assert.Equal((BuildOutcome.Built, 267L), (first.Outcome, first.Built));
        Assert.Equal((3L, 3L, 90L, 90L, 84L, 3L), (Row(first, "report").Missed, Row(first, "weekly").Missed, Built(first, "ingest"), Built(first, "daily"), Built(first, "weekly"), Built(first, "report")));
        Assert.Equal(0, Verify(project.DataRoot));
        var bytes = Sampler.Read(project.DataRoot);

        Assert.Equal(BuildOutcome.UpToDate, project.Build().Outcome);

        // A delay of one flight: the month is cut again, one day differs, and what read that day follows.
        string month = Path.Combine(project.Folder, "csv/2001-02.csv.gz");
        byte[] original = File.ReadAllBytes(month);
        Edit(month, DelayOfOneFlight(), "${start}999");
        var plan = Plan(project);
        Assert.Equal((28L, 0L), (plan.Jobs.Single(row => row.Job == "ingest").WillRun, plan.Jobs.Single(row => row.Job == "report").WillRun));

        // March's first weeks hold days of February, so that its report may have to follow; that it need not shows in the build.
        Assert.Equal(2L, plan.Jobs.Single(row => row.Job == "report").MayRun);
        var delay = project.Build();
        Assert.Equal((28L, 1L, 7L, 1L), (Built(delay, "ingest"), Built(delay, "daily"), Built(delay, "weekly"), Built(delay, "report")));

        // Back again: the same, and the first bytes.
        File.WriteAllBytes(month, original);
        Assert.Equal(37, project.Build().Built);
        Assert.Equal(bytes, Sampler.Read(project.DataRoot));

        // A distance, which no statistic knows: its day is made again, comes out equal, and nothing follows.
        Edit(month, DistanceOfOneFlight(), "${start}9999${end}");
        var distance = project.Build();
        Assert.Equal((28L, 1L, 0L, 0L), (Built(distance, "ingest"), Built(distance, "daily"), Built(distance, "weekly"), Built(distance, "report")));
        Assert.Equal(0L, project.Build().Runs);
    }

    [Fact]
    public void A_wanted_day_whose_file_is_deleted_is_made_again_and_nothing_else()
    {
        using var project = sample.Copy();
        project.Graph = project.Graph.Clone();
        project.Want("daily/{2001-01-01..2001-03-31}");
        Assert.Equal(267, project.Build().Built);
        File.Delete(Path.Combine(project.DataRoot, "daily/2001-02-14"));

        var result = project.Build();

        Assert.Equal((1L, 1L), (result.Built, Built(result, "daily")));
    }

    [Fact]
    public void A_second_build_from_nothing_but_the_logs_memory_misses_nothing()
    {
        using var project = sample.Copy();
        project.Build();
        var bytes = Sampler.Read(project.DataRoot);
        foreach (string folder in Directory.EnumerateDirectories(project.DataRoot).Where(folder => Path.GetFileName(folder) != ".databuild"))
        {
            Directory.Delete(folder, recursive: true);
        }

        var result = project.Build();

        Assert.Equal((267L, 0L), (result.Built, result.Jobs.Sum(row => row.Missed)));
        Assert.Equal(bytes, Sampler.Read(project.DataRoot));
    }

    [Fact]
    public void The_verifier_finds_one_altered_number()
    {
        using var project = sample.Copy();
        project.Build();
        string report = Path.Combine(project.DataRoot, "report/2001-02.html");
        File.WriteAllText(report, new Regex("\"late\": ?\\d+").Replace(File.ReadAllText(report), "\"late\":1", 1));

        Assert.NotEqual(0, Verify(project.DataRoot));
    }

    [Fact]
    public void A_spoilt_row_fails_its_day_names_the_line_and_leaves_the_rest_built()
    {
        using var project = sample.Copy();
        Edit(Path.Combine(project.Folder, "csv/2001-02.csv.gz"), DelayOfOneFlight(), "${start}late");
        using var engine = EngineRun.Start(project.Request());

        var result = engine.WaitForResult();

        Assert.Equal(BuildOutcome.Failed, result.Outcome);
        var error = Assert.Single(engine.Diagnostics, diagnostic => diagnostic.Severity == Severity.Error && diagnostic.Code == "DBLD4010");
        Assert.Contains("report/2001-02.html", error.Text, StringComparison.Ordinal);
        Assert.Contains("blocked by raw/2001-02-14: job ingest", error.Text, StringComparison.Ordinal);
        Assert.Matches(@"line \d+", error.Text);
        Assert.Equal((89L, 89L), (Built(result, "ingest"), Built(result, "daily")));
        Assert.True(File.Exists(Path.Combine(project.DataRoot, "report/2001-01.html")));
    }

    [GeneratedRegex(@"(?<start>2001-02-14T11:\d\d,\w+,\w+,\d+,)-?\d+")]
    private static partial Regex DelayOfOneFlight();

    [GeneratedRegex(@"(?<start>2001-02-14T11:\d\d,\w+,\w+,)\d+(?<end>,)")]
    private static partial Regex DistanceOfOneFlight();

    private static JobRow Row(BuildResult result, string job) => result.Jobs.Single(row => row.Job == job);

    private static long Built(BuildResult result, string job) => Row(result, job).Built;

    private static PlanReport Plan(TestProject project)
    {
        using var engine = EngineRun.Start(project.Request(EngineMode.Plan));
        engine.WaitForResult();
        return engine.Messages.Single(message => message.Plan is not null).Plan;
    }

    /// <summary>Changes the first match in a compressed file.</summary>
    private static void Edit(string path, Regex what, string to)
    {
        string text;
        using (var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress)))
        {
            text = reader.ReadToEnd();
        }

        Assert.Matches(what, text);
        using var writer = new StreamWriter(new GZipStream(File.Create(path), CompressionMode.Compress));
        writer.Write(what.Replace(text, to, 1));
    }

    private static int Verify(string dataRoot)
    {
        using var python = Process.Start(new ProcessStartInfo("python3", [Path.Combine(Repository.Root, "samples/flights/verify.py"), dataRoot])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        python.StandardOutput.ReadToEnd();
        python.WaitForExit();
        return python.ExitCode;
    }

    /// <summary>The sample, compiled once by <c>dotnet build</c>.</summary>
    public sealed class Sample
    {
        private readonly GraphDocument graph;

        public Sample()
        {
            var start = new ProcessStartInfo("dotnet", ["build", Path.Combine(Repository.Root, "samples/flights/flights.dbproj"), "-t:DataBuildCompile", "-v:q"])
            {
                RedirectStandardOutput = true,
            };
            using var build = Process.Start(start)!;
            string output = build.StandardOutput.ReadToEnd();
            build.WaitForExit();
            Assert.True(build.ExitCode == 0, output);
            graph = JsonParser.Default.Parse<GraphDocument>(File.ReadAllText(Path.Combine(Repository.Root, "samples/flights/obj/databuild/graph.json")));
        }

        /// <summary>Its data and programs in another folder; the engine works there.</summary>
        public TestProject Copy()
        {
            var project = new TestProject("flights") { Graph = graph };
            foreach (string file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "samples/flights/csv")))
            {
                Copy(file, project.Folder);
            }

            string programs = Path.Combine(Repository.Root, "samples/flights", Path.GetDirectoryName(graph.Jobs[0].Program)!);
            foreach (string file in Directory.EnumerateFiles(programs, "*", SearchOption.AllDirectories))
            {
                Copy(file, project.Folder);
            }

            return project;
        }

        private static void Copy(string file, string folder)
        {
            string to = Path.Combine(folder, Path.GetRelativePath(Path.Combine(Repository.Root, "samples/flights"), file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file, to);
        }
    }
}
