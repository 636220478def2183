using System.Globalization;

namespace DataBuild.Engine.Tests.Files;

/// <summary>A reader that looks all the time while a partition is replaced a thousand times, and until it has looked a hundred times.</summary>
public sealed class SampledReplacementTests : IDisposable
{
    private const int Times = 1000;
    private readonly TempRoot temp = new();

    public void Dispose() => temp.Dispose();

    [Fact]
    public void A_file_is_whole_and_there_at_every_moment()
    {
        var store = temp.Store();
        void Publish(int version) => TempRoot.Run(store, $"r{version}", ["a/p"], ("a/p", Content(version)));
        Publish(0);
        var last = 0;
        Sample(Publish, () =>
        {
            var version = VersionOf(temp.Read("a/p"));
            Assert.True(version >= last);
            last = version;
            return true;
        });
    }

    [Fact]
    public void A_folder_is_whole_and_there_at_every_moment()
    {
        var store = temp.Store();
        void Publish(int version) =>
            TempRoot.Run(store, $"r{version}", ["a/p"], ("a/p/1", Content(version)), ("a/p/sub/2", Content(version)));
        Publish(0);
        Sample(Publish, () =>
        {
            // Versions only grow: where the first file is the same before and after, the second one belongs to it.
            var before = VersionOf(temp.Read("a/p/1"));
            var between = VersionOf(temp.Read("a/p/sub/2"));
            var after = VersionOf(temp.Read("a/p/1"));
            Assert.InRange(between, before, after);
            return before == after;
        });
    }

    /// <param name="publish">Publishes a version.</param>
    /// <param name="look">Whether the look counts as one.</param>
    private static void Sample(Action<int> publish, Func<bool> look)
    {
        Exception? failure = null;
        var (done, samples) = (false, 0);
        var reader = new Thread(() =>
        {
            try
            {
                while (!Volatile.Read(ref done))
                {
                    if (look())
                    {
                        Interlocked.Increment(ref samples);
                    }
                }
            }
            catch (Exception exception)
            {
                Volatile.Write(ref failure, exception);
            }
        });
        reader.Start();
        for (var version = 1; (version <= Times || Volatile.Read(ref samples) < 100) && version < 10_000 && Volatile.Read(ref failure) is null; version++)
        {
            publish(version);
        }

        Volatile.Write(ref done, true);
        reader.Join();
        Assert.Null(failure);
        Assert.True(samples >= 100, $"{samples} looks");
    }

    /// <summary>Long enough to be seen half-written.</summary>
    private static string Content(int version) => string.Join(",", Enumerable.Repeat(version.ToString("0000", CultureInfo.InvariantCulture), 2000));

    private static int VersionOf(string content)
    {
        var version = int.Parse(content.AsSpan(0, 4), CultureInfo.InvariantCulture);
        Assert.True(content == Content(version), "partial content");
        return version;
    }
}
