using DataBuild.Engine.Log;
using DataBuild.Engine.State;
using DataBuild.V1;

namespace DataBuild.Integration.Tests.Kills;

/// <summary>
/// One project, built in rounds: at the start of each its sources change, engines are started and killed until one of them comes to its
/// end, and then everything must be as if nobody had been killed.
/// </summary>
internal sealed class KillCampaign(KillBudget budget, Random random, KillExpectation expected) : IDisposable
{
    private const int Rounds = 6;

    private readonly TestProject project = KillProject.New();
    private ulong events;
    private int witnessed;

    public void Run()
    {
        using var sampler = new Sampler(project.DataRoot, expected.Versions);
        for (int round = 0; round < Rounds && !budget.IsSpent; round++)
        {
            Round(round);
            sampler.CheckSoFar();
        }

        sampler.Check();
    }

    public void Dispose() => project.Dispose();

    private void Round(int round)
    {
        KillProject.WriteSources(project, round % 2);
        bool snapshot = round > 0 && random.Next(3) == 0;
        if (snapshot)
        {
            KillProject.LengthenLog(project);
            events += 5000;
        }

        BuildUntilDone(round, snapshot);
        Assert.Equal(BuildOutcome.UpToDate, project.Build().Outcome);
        Assert.Equal(expected.Versions[round % 2], Sampler.Read(project.DataRoot));
        Assert.Empty(Processes.With(project.DataRoot));
        Assert.Empty(LogVerification.Verify(project.Log).Findings);
        NoFinishedWorkRanTwice();
    }

    /// <summary>Kills engines as long as there are kills left; at times two at a time compete, and either is killed.</summary>
    private void BuildUntilDone(int round, bool snapshot)
    {
        BuildResult? result = null;
        EngineRun? survivor = null;
        try
        {
            while (result is null)
            {
                if (!budget.TryTake())
                {
                    using var last = survivor ?? EngineRun.Start(project.Request());
                    survivor = null;
                    result = last.WaitForResult();
                    break;
                }

                bool mayWaitFor = survivor is not null;
                var wanted = budget.Aim(random, phase => mayWaitFor ? phase == KillPhase.Waiting : IsPossible(phase, round, snapshot));
                using var aim = new KillAim(project, wanted, events);
                bool awaits = wanted == KillPhase.Waiting;
                var other = survivor ?? (awaits ? EngineRun.Start(project.Request()) : null);
                survivor = null;
                var victim = other is null || awaits ? EngineRun.Start(project.Request(), aim.Heard) : other;
                other = ReferenceEquals(victim, other) ? null : other;
                other ??= random.Next(6) == 0 ? EngineRun.Start(project.Request()) : null;
                using (victim)
                {
                    survivor = other;
                    if (aim.Kill(victim, random, expected.Length) is { } phase)
                    {
                        budget.Hit(phase, wanted);
                    }
                    else
                    {
                        budget.GiveBack();
                    }

                    result = victim.Result;
                }

                if (result is not null && survivor is not null)
                {
                    result = survivor.WaitForResult();
                }
            }
        }
        finally
        {
            survivor?.Dispose();
        }

        Assert.True(result.Outcome is BuildOutcome.Built or BuildOutcome.UpToDate, result.ToString());
    }

    /// <summary>Folders are only replaced where there are some, and a snapshot only written by who has much to say.</summary>
    private static bool IsPossible(KillPhase phase, int round, bool snapshot) => phase switch
    {
        KillPhase.Exchanging => round > 0,
        KillPhase.Snapshot => snapshot,
        _ => true,
    };

    /// <summary>
    /// Of what a round's events say: once a ref is done in this round, no later run may make it again; and the log knows every run that
    /// the jobs themselves wrote down, the last of them for each ref being the one that made it.
    /// </summary>
    private void NoFinishedWorkRanTwice()
    {
        var state = new BuildState();
        var queued = new HashSet<string>(StringComparer.Ordinal);
        var finishedBy = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (offset, e) in project.Events())
        {
            // Throws at an event that may not come next.
            state.Apply(offset, e);
            if (offset <= events)
            {
                continue;
            }

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

        var all = File.ReadAllLines(project.Witness);
        var lines = all.Skip(witnessed).Select(line => line.Split(' ')).ToList();
        Assert.All(lines, line => Assert.Contains(line[0], queued));
        foreach (var ofRef in lines.GroupBy(line => line[1], StringComparer.Ordinal))
        {
            Assert.Equal(finishedBy[ofRef.Key], ofRef.Last()[0]);
        }

        Assert.Equal(0, state.ActiveRunCount);
        events = state.Offset;
        witnessed = all.Length;
    }
}
