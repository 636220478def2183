using System.Diagnostics;
using DataBuild.Engine.Ports;
using DataBuild.V1;

namespace DataBuild.Engine.Hosting.Queries;

/// <summary>
/// Values that a half-written word may become, for shells: what the newest events name. Few of them and quickly, whatever the log's
/// length: reading stops when there are enough or the time is over.
/// </summary>
public sealed class Suggestions(LogView view, string word)
{
    public const int Most = 50;

    /// <summary>Read whatever the time: some milliseconds' worth, and enough to be of use on a machine that is busy.</summary>
    private const int Least = 2_000;

    private static readonly TimeSpan patience = TimeSpan.FromMilliseconds(100);

    public IReadOnlyList<string> Runs() => Collect(e => e.JobRunQueue is { } queue ? [queue.RunId] : []);

    public IReadOnlyList<string> Wants() => Collect(e =>
        e.WantCreate is { } create ? [create.Want.WantId] : e.WantRegister is { } registration ? registration.Wants.Select(want => want.WantId) : []);

    public IReadOnlyList<string> Jobs() => Collect(
        e => e.GraphRegister is { } registration ? registration.Graph.Jobs.Select(job => job.Label) : e.JobRunQueue is { } queue ? [queue.Job] : [],
        last: e => e.GraphRegister is not null);

    /// <summary>The beginnings of families, and refs once one of them is written.</summary>
    public IReadOnlyList<string> Refs() => Collect(
        e => e.EventCase switch
        {
            BuildEvent.EventOneofCase.JobRunQueue => e.JobRunQueue.Partitions.Select(partition => Shortened(partition.Ref)),
            BuildEvent.EventOneofCase.Observe => e.Observe.Observations.Select(seen => Shortened(seen.Ref)),
            BuildEvent.EventOneofCase.GraphRegister => e.GraphRegister.Graph.Partitions.Select(partition => Beginning(partition.Pattern)),
            _ => [],
        },
        last: e => word.Length == 0 && e.GraphRegister is not null);

    private static string Beginning(string pattern) => pattern.IndexOf('{', StringComparison.Ordinal) is >= 0 and var brace ? pattern[..brace] : pattern;

    /// <summary>Up to the segment that is being written: a hundred thousand days are no help to who looks for a family.</summary>
    private string Shortened(string @ref)
    {
        int slash = @ref.StartsWith(word, StringComparison.Ordinal) ? @ref.IndexOf('/', word.Length) : -1;
        return slash < 0 ? @ref : @ref[..(slash + 1)];
    }

    /// <summary>A family's beginning is none to who has written it.</summary>
    private bool IsHelp(string value) => value.StartsWith(word, StringComparison.Ordinal) && !(value.Length == word.Length && value.EndsWith('/'));

    private List<string> Collect(Func<BuildEvent, IEnumerable<string>> valuesOf, Func<BuildEvent, bool>? last = null)
    {
        long began = Stopwatch.GetTimestamp();
        int read = 0;
        var found = new HashSet<string>(StringComparer.Ordinal);
        foreach (StoredEvent stored in Backwards.Read(view.Log, view.Log.LastOffset))
        {
            foreach (string value in valuesOf(stored.Event).Where(IsHelp))
            {
                if (found.Count < Most)
                {
                    found.Add(value);
                }
            }

            if (found.Count >= Most || last?.Invoke(stored.Event) == true || (++read >= Least && Stopwatch.GetElapsedTime(began) > patience))
            {
                break;
            }
        }

        return [.. found.Order(StringComparer.Ordinal)];
    }
}
