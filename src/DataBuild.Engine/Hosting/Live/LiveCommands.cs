using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Hosting.Commands;
using DataBuild.Engine.Ports;
using DataBuild.Engine.State;
using DataBuild.V1;

namespace DataBuild.Engine.Hosting.Live;

/// <summary>
/// Commands within a build: decided on its state between two turns, stored with its next commit, answered after that. On the loop's
/// thread.
/// </summary>
internal sealed class LiveCommands(Journal journal, CommandFiles files, bool servesAllWants, Func<DateTimeOffset> clock)
{
    private readonly List<(PendingCommand Command, CommandReport Report)> decided = [];
    private readonly Dictionary<string, string> ended = new(StringComparer.Ordinal);

    /// <summary>Decides it and adds its events. Whatever it asks for, the engine goes on.</summary>
    public void Take(PendingCommand command, IJobExecutor executor)
    {
        var request = command.Request;
        var decision = CommandDecider.Decide(request, new CommandContext
        {
            State = journal.State,
            Now = clock(),
            Files = files,
            EnginePid = Environment.ProcessId,
            ServesAllWants = servesAllWants,
        });
        if (!request.Preview)
        {
            Apply(decision, executor);
        }

        decided.Add((command, decision.Report));
    }

    /// <summary>What was decided is stored: now those who asked may know.</summary>
    public void Committed()
    {
        foreach (var (command, report) in decided)
        {
            report.LogOffset = journal.State.Offset;
            command.Reply.TrySetResult(report);
        }

        decided.Clear();
    }

    /// <summary>A run that somebody cancelled by name ends with his words, and its refs are held.</summary>
    public BuildEvent Explain(BuildEvent e)
    {
        if (e.JobRunCancel is { } cancel)
        {
            string? cause = journal.State.FindRun(cancel.RunId)?.CancelAsked;
            if (ended.Remove(cancel.RunId, out string? asked) || cause is { Length: > 0 })
            {
                cancel.Cause = asked ?? cause;
                cancel.Hold = true;
            }
        }

        return e;
    }

    private void Apply(CommandDecision decision, IJobExecutor executor)
    {
        try
        {
            foreach (var e in decision.Events)
            {
                journal.Add(e, clock());
            }
        }
        catch (IllegalEventException e)
        {
            // A refused event changed nothing; what was decided no longer fits what is.
            decision.Report.Error = Rules.CommandRefused.At($"the command does not fit the log as it is ({e.Message}); look at `databuild status` and try again");
            return;
        }

        foreach (var (runId, cause) in decision.EndRuns)
        {
            ended[runId] = cause;
            if (journal.State.FindRun(runId) is { Outlives: true, CancelAsked: "" })
            {
                // Until its executor says that it ended, another engine may come to have it: that one has to know.
                journal.Add(new BuildEvent { JobRunCancel = new JobRunCancelEventV1 { RunId = runId, Cause = cause, Asked = true } }, clock());
            }

            executor.Cancel(runId);
        }
    }
}
