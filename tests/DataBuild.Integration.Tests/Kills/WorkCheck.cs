using DataBuild.Engine.State;

namespace DataBuild.Integration.Tests.Kills;

/// <summary>Holds the log against what the jobs themselves wrote down.</summary>
internal static class WorkCheck
{
    /// <summary>
    /// Of what came since an offset: once a ref is done, no later run may make it again; and the log knows every run that the jobs
    /// wrote down, the last of them for each ref being the one that made it. No run is under way.
    /// </summary>
    /// <returns>Where the log and the witness file end now.</returns>
    public static (ulong Events, int Witnessed) NothingFinishedRanTwice(TestProject project, ulong events, int witnessed)
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

        string[] all = File.ReadAllLines(project.Witness);
        var lines = all.Skip(witnessed).Select(line => line.Split(' ')).ToList();
        Assert.All(lines, line => Assert.Contains(line[0], queued));
        foreach (var ofRef in lines.GroupBy(line => line[1], StringComparer.Ordinal))
        {
            Assert.Equal(finishedBy[ofRef.Key], ofRef.Last()[0]);
        }

        Assert.Equal(0, state.ActiveRunCount);
        return (state.Offset, all.Length);
    }
}
