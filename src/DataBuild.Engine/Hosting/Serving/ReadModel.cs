using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Hosting.Queries;
using DataBuild.Engine.Ports;
using DataBuild.Engine.State;

namespace DataBuild.Engine.Hosting.Serving;

/// <summary>
/// A fold of its own for questions: it follows what the loop has stored, so that no question ever waits for the loop, nor the loop for
/// one. Questions are answered one at a time, each as of the last event that was stored when its turn came.
/// </summary>
public sealed class ReadModel : IDisposable
{
    /// <summary>Questions that may wait for their turn.</summary>
    public const int MostWaiting = 256;

    private readonly EventFeed feed;
    private readonly SemaphoreSlim turn = new(1);
    private readonly CancellationTokenSource ending = new();
    private readonly Task following;
    private LogView? view;
    private BuildState state = new();
    private int waiting;

    public ReadModel(EventFeed feed)
    {
        this.feed = feed;
        following = Task.Run(FollowAsync);
    }

    /// <summary>The log, to be read by anybody on any thread; null before one was open.</summary>
    public LogView? View => view;

    /// <summary>Answers a question. What it answers may not hold on to the state.</summary>
    public async Task<T> AskAsync<T>(Func<LogView, T> question, CancellationToken stop)
    {
        if (Interlocked.Increment(ref waiting) > MostWaiting)
        {
            Interlocked.Decrement(ref waiting);
            throw new DataBuildException(Rules.ServiceBusy, $"{MostWaiting} questions wait for an answer; ask again in a moment");
        }

        try
        {
            await turn.WaitAsync(stop).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref waiting);
        }

        try
        {
            CatchUp();
            return question((view ?? throw NotOpen()).Folded(state));
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose()
    {
        ending.Cancel();
        following.GetAwaiter().GetResult();
        view?.Dispose();
        turn.Dispose();
        ending.Dispose();
    }

    /// <summary>A log is open, the same as before or another one.</summary>
    internal void Begin(LogPlace place)
    {
        turn.Wait();
        try
        {
            if (view is not null && view.Place.Log == place.Log && !view.IsReplaced && view.Log.LastOffset >= state.Offset)
            {
                return;
            }

            var before = view;
            view = LogView.Open(place);
            state = view.Load();
            before?.Dispose();
        }
        finally
        {
            turn.Release();
        }
    }

    internal static DataBuildException NotOpen() => new(Rules.ServiceNotReady, "the service has not opened its log yet; ask again when /readyz says so");

    private async Task FollowAsync()
    {
        while (!ending.IsCancellationRequested)
        {
            try
            {
                await feed.AfterAsync(state.Offset, ending.Token).ConfigureAwait(false);
                await turn.WaitAsync(ending.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (ending.IsCancellationRequested)
            {
                return;
            }

            try
            {
                CatchUp();
            }
            catch (DataBuildException)
            {
                // Whoever asks next meets the same and is told. Until more is stored there is nothing to try.
                await IgnoreAsync(feed.AfterAsync(feed.Last, ending.Token)).ConfigureAwait(false);
            }
            finally
            {
                turn.Release();
            }
        }
    }

    private static Task IgnoreAsync(Task task) => task.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    private void CatchUp()
    {
        if (view is null)
        {
            return;
        }

        for (ulong last = feed.Last; state.Offset < last;)
        {
            foreach (var stored in feed.From(state.Offset + 1, EventFeed.MostEvents) ?? view.Log.Read(state.Offset + 1))
            {
                Apply(stored);
            }
        }
    }

    private void Apply(StoredEvent stored)
    {
        try
        {
            state.Apply(stored.Offset, stored.Event);
        }
        catch (IllegalEventException illegal)
        {
            throw new DataBuildException(
                Rules.IllegalHistory, $"the event at offset {stored.Offset} of the log '{view!.Place.Log}' may not come there: {illegal.Message}; start the service anew", inner: illegal);
        }
    }
}
