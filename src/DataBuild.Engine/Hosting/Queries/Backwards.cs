using DataBuild.Engine.Ports;

namespace DataBuild.Engine.Hosting.Queries;

/// <summary>A log from an event back to its first, in growing windows: who asks for what is new reads little of a long log.</summary>
internal static class Backwards
{
    private const ulong FirstWindow = 128;
    private const ulong LargestWindow = 4096;

    public static IEnumerable<StoredEvent> Read(IBuildEventLog log, ulong from)
    {
        ulong window = FirstWindow;
        for (ulong last = from; last > 0; window = Math.Min(2 * window, LargestWindow))
        {
            ulong first = last > window ? last - window + 1 : 1;
            var batch = log.Read(first, limit: (int)(last - first + 1)).ToList();
            for (int i = batch.Count - 1; i >= 0; i--)
            {
                yield return batch[i];
            }

            last = first - 1;
        }
    }
}
