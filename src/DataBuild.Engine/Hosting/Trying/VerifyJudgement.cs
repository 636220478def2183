using DataBuild.Engine.Reconciling;
using DataBuild.V1;

namespace DataBuild.Engine.Hosting.Trying;

/// <summary>Compares what the two runs of a batch left with each other, and with what is live where that is up to date.</summary>
internal sealed class VerifyJudgement(
    Rehearsal rehearsal, IReadOnlyDictionary<string, Verdict> verdicts, VerifyReport report, Action<Diagnostic> say, Action<VerifiedPartition> tell)
{
    /// <summary>Folders of outputs that differ are kept to be looked at, but not without end.</summary>
    private const int MostKept = 20;

    private int kept;

    /// <param name="batch">Both of its runs have ended.</param>
    /// <param name="stopping">They were told to: what did not end well is then of no account.</param>
    public void Of(VerifyBatch batch, bool stopping)
    {
        var failures = Array.ConvertAll(batch.Runs, run => run.Judge(rehearsal, say));
        bool differs = false;
        var partitions = new List<VerifiedPartition>();
        foreach (string @ref in batch.Refs)
        {
            var partition = new VerifiedPartition { Ref = @ref, Job = batch.Job.Label };
            string? failure = failures.Select(failed => failed.GetValueOrDefault(@ref)).FirstOrDefault(text => text is not null);
            if (failure is not null && stopping)
            {
                report.LookedAt--;
                continue;
            }

            if (failure is not null)
            {
                partition.Failure = failure;
                report.Failed++;
            }
            else
            {
                Compare(partition, batch.Runs);
            }

            if (failure is not null || partition.Runs == Likeness.Different || partition.Live != Likeness.Equal)
            {
                partitions.Add(partition);
            }

            differs |= partition.Difference is not null;
        }

        bool keeps = differs && kept < MostKept;
        kept += keeps ? 1 : 0;
        foreach (var partition in partitions)
        {
            if (keeps && partition.Difference is not null)
            {
                partition.Outputs.AddRange(batch.Runs.Select(run => run.Scratch.Output));
            }

            tell(partition);
        }

        if (!keeps)
        {
            foreach (var run in batch.Runs)
            {
                Remove(run.Scratch.Folder);
            }
        }
    }

    public void Remove(string folder)
    {
        if (Scratch.At(folder).Remove() is { } leftover)
        {
            say(leftover);
        }
    }

    private void Compare(VerifiedPartition partition, VerifyRun[] runs)
    {
        string first = Path.Join(runs[0].Scratch.Output, partition.Ref);
        partition.Difference = ContentComparison.Compare(first, Path.Join(runs[1].Scratch.Output, partition.Ref), ("the first run", "the second run"));
        partition.Runs = partition.Difference is null ? Likeness.Equal : Likeness.Different;
        var verdict = verdicts[partition.Ref];
        if (rehearsal.Find(partition.Ref) is not { IsLive: true })
        {
            partition.Live = Likeness.NothingLive;
            partition.Stale = "its files are gone";
        }
        else if (verdict.State != RefState.Live)
        {
            partition.Stale = verdict.Reason.ToText();
        }
        else
        {
            var difference = ContentComparison.Compare(first, Path.Join(rehearsal.Workspace.DataRoot, partition.Ref), ("the run", "the live content"));
            partition.Live = difference is null ? Likeness.Equal : Likeness.Different;
            partition.Difference ??= difference;
        }

        if (partition.Difference is not null)
        {
            report.Different++;
        }
        else if (partition.Stale.Length > 0)
        {
            report.Stale++;
        }
        else
        {
            report.Equal++;
        }
    }
}
