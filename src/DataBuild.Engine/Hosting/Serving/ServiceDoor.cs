using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Hosting.Live;
using DataBuild.Engine.Hosting.Queries;
using DataBuild.V1;

namespace DataBuild.Engine.Hosting.Serving;

/// <summary>
/// How others of this process ask a service: questions of the fold that follows it, events as they are stored, and commands, which
/// wait for the loop. It outlives a session that fails, and says what it waits for then.
/// </summary>
public sealed class ServiceDoor : IDisposable
{
    /// <summary>Commands that may wait for the loop.</summary>
    public const int MostCommands = 2_048;

    private readonly Lock gate = new();
    private readonly CommandAnswers answers = new();
    private CancellationTokenSource sameLog = new();
    private RunInbox? inbox;
    private CancellationTokenSource? open;
    private int waiting;

    public ServiceDoor()
    {
        Feed = new EventFeed();
        Model = new ReadModel(Feed);
    }

    public EventFeed Feed { get; }

    public ReadModel Model { get; }

    /// <summary>The project that is served; null before it is compiled.</summary>
    public Workspace? Workspace { get; private set; }

    /// <summary>Why it takes no commands; null if it does.</summary>
    public string? Problem { get; private set; } = "it is starting";

    /// <summary>Cancelled when another log, or an older one, has taken the place of the one that was followed.</summary>
    public CancellationToken SameLog => sameLog.Token;

    /// <summary>Told, on the loop's thread, each time that it takes commands from then on: the log's lease is held.</summary>
    public Action? Opened { get; set; }

    /// <summary>The report, once what it did is stored. The same command asked again has the same answer.</summary>
    /// <exception cref="DataBuildException">It cannot be taken now, or is another one under the same id. A refused command is a report with an error.</exception>
    public async Task<CommandReport> AskAsync(CommandRequest request, CancellationToken stop)
    {
        if (request.Preview)
        {
            return await PostAsync(request).WaitAsync(stop).ConfigureAwait(false);
        }

        var report = await answers.GetAsync(request, PostAsync).WaitAsync(stop).ConfigureAwait(false);
        return report.Clone();
    }

    public void Dispose()
    {
        Close("it has ended");
        Model.Dispose();
        answers.Dispose();
        sameLog.Dispose();
    }

    /// <summary>A project is served, or about to be.</summary>
    internal void Announce(Workspace workspace) => Workspace = workspace;

    /// <summary>The log is open, and what was left of the engine before is cleared up; what is stored from here on goes through the journal.</summary>
    internal void Open(LogPlace place, Journal journal, RunInbox takes)
    {
        var before = Model.View;
        Model.Begin(place);
        if (before is not null && !ReferenceEquals(before, Model.View))
        {
            var other = sameLog;
            sameLog = new CancellationTokenSource();
            other.Cancel();
        }

        answers.Open(place.StateDirectory, journal.LogId, journal.State.Offset);
        Feed.Begin(journal.State.Offset);
        journal.Stores = Feed.Add;
        lock (gate)
        {
            (inbox, open, Problem) = (takes, new CancellationTokenSource(), null);
        }

        Opened?.Invoke();
    }

    /// <summary>No more commands are taken; those that wait are told so.</summary>
    internal void Close(string problem)
    {
        CancellationTokenSource? waited;
        lock (gate)
        {
            (waited, inbox, open, Problem) = (open, null, null, problem);
        }

        waited?.Cancel();
    }

    private async Task<CommandReport> PostAsync(CommandRequest request)
    {
        var pending = new PendingCommand(request);
        CancellationToken ended;
        lock (gate)
        {
            if (inbox is null || open is null)
            {
                throw new DataBuildException(Rules.ServiceNotReady, $"the service takes no commands now: {Problem}; send it again, under the same key, when /readyz says so");
            }

            if (waiting >= MostCommands)
            {
                throw new DataBuildException(Rules.ServiceBusy, $"{MostCommands} commands wait to be stored; send it again in a moment");
            }

            waiting++;
            ended = open.Token;
            inbox.Asked(pending);
        }

        try
        {
            return await pending.Reply.Task.WaitAsync(ended).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            throw new DataBuildException(
                Rules.ServiceNotReady, $"the service stopped taking commands ({Problem}) before this one was answered; send it again under the same key, which does nothing twice");
        }
        finally
        {
            lock (gate)
            {
                waiting--;
            }
        }
    }
}
