using System.Globalization;
using DataBuild.V1;

namespace DataBuild.Integration.Tests;

public sealed class CrashTests(Xunit.Abstractions.ITestOutputHelper output)
{
    /// <summary>How many kills; DATABUILD_KILLS sets another number.</summary>
    private static readonly int kills = int.Parse(Environment.GetEnvironmentVariable("DATABUILD_KILLS") ?? "50", CultureInfo.InvariantCulture);

    [Fact]
    public void An_engine_killed_at_any_moment_leaves_nothing_partial_nothing_done_twice_and_no_process()
    {
        int seed = int.Parse(Environment.GetEnvironmentVariable("DATABUILD_SEED") ?? Environment.TickCount.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        output.WriteLine($"DATABUILD_SEED={seed} DATABUILD_KILLS={kills}");
        var random = new Random(seed);
        var expected = Undisturbed(out var length);
        int done = 0, builds = 0;
        while (done < kills)
        {
            using var project = Project();
            using var sampler = new Sampler(project.DataRoot, expected);
            BuildResult? result = null;
            while (result is null)
            {
                using var engine = EngineRun.Start(project.Request());
                if (done < kills)
                {
                    // The moments lie anywhere from before the engine's first instruction to after its last.
                    Thread.Sleep(random.Next((int)(length.TotalMilliseconds * 0.9)));
                    engine.Kill();
                    done++;
                    result = engine.Result;
                }
                else
                {
                    result = engine.WaitForResult();
                }
            }

            builds++;
            var final = project.Build();
            Assert.Equal(BuildOutcome.UpToDate, final.Outcome);
            Assert.Equal(expected, Sampler.Read(project.DataRoot));
            sampler.Check();
            NoFinishedWorkRanTwice(project);
            Assert.Empty(Processes.With(project.DataRoot));
        }

        output.WriteLine($"{done} kills over {builds} projects, undisturbed build {length.TotalMilliseconds:0} ms");
    }

    private static SortedDictionary<string, string> Undisturbed(out TimeSpan length)
    {
        using var project = Project();
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var result = project.Build();
        length = watch.Elapsed;
        Assert.Equal(BuildOutcome.Built, result.Outcome);
        return Sampler.Read(project.DataRoot);
    }

    /// <summary>Sources, needs, inputs found at run time, batches and folders; outputs are written in two halves, slowly.</summary>
    private static TestProject Project()
    {
        var project = new TestProject();
        for (int i = 0; i < 8; i++)
        {
            project.Write($"in/{i}", $"input {i}\n");
        }

        project.Source("in/{n:int}", "in/{n}");
        project.Script("raw", "{ cat in/${ref#raw/}; sleep 0.01; echo raw; } > \"$out\"", job => job.BatchSize = "3");
        project.Script("win", """
            n="${ref#win/}"; lack=""
            for i in $n $((n - 1)) $((n - 2)); do
              if [ "$i" -ge 0 ] && [ ! -e "$in/raw/$i" ]; then lack="$lack raw/$i"; fi
            done
            if [ -n "$lack" ]; then echo "databuild:missing-deps$lack"; exit 75; fi
            { for i in $n $((n - 1)) $((n - 2)); do if [ "$i" -ge 0 ]; then cat "$in/raw/$i"; fi; done; sleep 0.01; echo win; } > "$out"
            """);
        project.Script("folder", """
            mkdir "$out"
            cat "$in/win/${ref#folder/}" > "$out/first"; sleep 0.01; echo second > "$out/second"
            """);
        project.Partition("raw/{n:int}", "raw", "in/{n}").Partition("win/{n:int}", "win").Partition("folder/{n:int}", "folder", "win/{n}");
        return project.Want("folder/{0..7}");
    }

    /// <summary>Once a run's success is in the log, no later run may make the same ref again; and the log knows every run that the jobs saw.</summary>
    private static void NoFinishedWorkRanTwice(TestProject project)
    {
        var queued = new HashSet<string>(StringComparer.Ordinal);
        var finishedBy = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (_, e) in project.Events())
        {
            if (e.JobRunQueue is { } queue)
            {
                queued.Add(queue.RunId);
                Assert.All(queue.Partitions, partition => Assert.False(finishedBy.ContainsKey(partition.Ref), $"{partition.Ref} ran again"));
            }

            var end = e.JobRunSuccess?.End ?? e.JobRunMissingDeps?.End ?? e.JobRunFailure?.End;
            foreach (var outcome in (end?.Outcomes ?? []).Where(outcome => outcome.Done is not null))
            {
                finishedBy.Add(outcome.Ref, end!.RunId);
            }
        }

        var lines = File.ReadAllLines(project.Witness).Select(line => line.Split(' ')).ToList();
        Assert.All(lines, line => Assert.Contains(line[0], queued));
        foreach (var ofRef in lines.GroupBy(line => line[1], StringComparer.Ordinal))
        {
            Assert.Equal(finishedBy[ofRef.Key], ofRef.Last()[0]);
        }
    }
}
