using DataBuild.Engine.Log;
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
        Assert.Equal(BuildOutcome.UpToDate, project.Build().Outcome);
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
        Assert.Equal(expected.Versions[round % 2], Sampler.Read(project.DataRoot));
        Assert.Empty(Processes.With(project.DataRoot));
        Assert.Empty(LogVerification.Verify(project.Log).Findings);
        (events, witnessed) = WorkCheck.NothingFinishedRanTwice(project, events, witnessed);
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
}
