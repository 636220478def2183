using DataBuild.V1;

namespace DataBuild.Engine.Execution.Slurm;

/// <summary>What runs say while they run.</summary>
public sealed partial class SlurmExecutor
{
    private void TellStart(ClusterRun run)
    {
        Facts? started;
        try
        {
            started = Facts.Read(run.Files.Started);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Seen at the next look; what it says is no proof of anything.
            return;
        }

        if (started is null)
        {
            return;
        }

        run.Job = started["job"];
        run.Begun = started.Time("begun");
        run.IsStartTold = true;
        run.IsUnknownTold = false;
        _sink.Started(run.Request.RunId, new JobRunHeartbeatEventV1 { RunId = run.Request.RunId, Pid = started.Number("pid"), Host = started["node"] });
    }

    private void Follow()
    {
        if (_following)
        {
            return;
        }

        var followed = _runs.Values.Where(run => run is { Phase: RunPhase.Handed, IsStartTold: true }).Take(MostFollowed).ToList();
        if (followed.Count == 0)
        {
            return;
        }

        _following = true;
        var readers = followed.ConvertAll(run => run.Reader ??= NewReader(run));
        Beside(
            () =>
            {
                readers.ForEach(reader => reader.Follow());
                return Task.FromResult(true);
            },
            _ => _following = false);
    }

    private RunReader NewReader(ClusterRun run) => new(run.Request, run.Files, _options, progress => _sink.Progressed(run.Request.RunId, progress));
}
