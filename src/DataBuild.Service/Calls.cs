using DataBuild.Engine.Diagnostics;

namespace DataBuild.Service;

/// <summary>Streams under way, a bounded number, and questions that take long, two at a time. All end when the service does.</summary>
internal sealed class Calls(ApiLimits limits) : IDisposable
{
    private const int MostLong = 2;

    /// <summary>Each follower watches three folders, of which a user of the machine may watch 128 in all.</summary>
    private const int MostFollowers = 16;

    private readonly CancellationTokenSource ending = new();
    private readonly SemaphoreSlim longOnes = new(MostLong);
    private int streams;
    private int followers;

    /// <summary>The service ends.</summary>
    public CancellationToken Ending => ending.Token;

    public void End() => ending.Cancel();

    /// <summary>Takes a stream's place until it is disposed of.</summary>
    public IDisposable Stream()
    {
        if (Interlocked.Increment(ref streams) > limits.MostStreams)
        {
            Interlocked.Decrement(ref streams);
            throw new DataBuildException(Rules.ServiceBusy, $"{limits.MostStreams} streams of events and logs are under way; end one that nobody reads");
        }

        return new Leaving(() => Interlocked.Decrement(ref streams));
    }

    /// <summary>Takes the place of one who follows what a run writes, until it is disposed of.</summary>
    public IDisposable Follower()
    {
        if (Interlocked.Increment(ref followers) > MostFollowers)
        {
            Interlocked.Decrement(ref followers);
            throw new DataBuildException(Rules.ServiceBusy, $"what runs write is followed by {MostFollowers} callers already; end one that nobody reads");
        }

        return new Leaving(() => Interlocked.Decrement(ref followers));
    }

    /// <summary>A question that reads much of the log; others are not kept waiting by it.</summary>
    public async Task<T> LongAsync<T>(Func<T> question, CancellationToken stop)
    {
        await longOnes.WaitAsync(stop).ConfigureAwait(false);
        try
        {
            return await Task.Run(question, stop).ConfigureAwait(false);
        }
        finally
        {
            longOnes.Release();
        }
    }

    public void Dispose()
    {
        ending.Dispose();
        longOnes.Dispose();
    }

    private sealed class Leaving(Action leave) : IDisposable
    {
        private Action? left = leave;

        public void Dispose() => Interlocked.Exchange(ref left, null)?.Invoke();
    }
}
