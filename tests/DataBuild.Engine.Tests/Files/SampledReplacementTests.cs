using System.Globalization;

namespace DataBuild.Engine.Tests.Files;

/// <summary>Readers that look all the time while a partition is replaced a thousand times.</summary>
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
        var samples = Sample(Publish, () =>
        {
            var version = VersionOf(temp.Read("a/p"));
            Assert.True(version >= last);
            last = version;
        });
        Assert.True(samples > 100, $"{samples} samples");
        Assert.Equal(Times, VersionOf(temp.Read("a/p")));
    }

    [Fact]
    public void A_folder_is_whole_and_there_at_every_moment()
    {
        var store = temp.Store();
        void Publish(int version) =>
            TempRoot.Run(store, $"r{version}", ["a/p"], ("a/p/1", Content(version)), ("a/p/sub/2", Content(version)));
        Publish(0);
        var same = 0;
        Sample(Publish, () =>
        {
            // Versions only grow: where the first file is the same before and after, the second one belongs to it.
            var before = VersionOf(temp.Read("a/p/1"));
            var between = VersionOf(temp.Read("a/p/sub/2"));
            var after = VersionOf(temp.Read("a/p/1"));
            Assert.InRange(between, before, after);
            same += before == after ? 1 : 0;
        });
        Assert.True(same > 100, $"{same} samples of one version");
        Assert.Equal(Times, VersionOf(temp.Read("a/p/sub/2")));
    }

    private static int Sample(Action<int> publish, Action look)
    {
        using var done = new CancellationTokenSource();
        Exception? failure = null;
        var samples = 0;
        var reader = new Thread(() =>
        {
            try
            {
                while (!done.IsCancellationRequested)
                {
                    look();
                    samples++;
                }
            }
            catch (Exception exception)
            {
                failure = exception;
            }
        });
        reader.Start();
        for (var version = 1; version <= Times; version++)
        {
            publish(version);
        }

        done.Cancel();
        reader.Join();
        Assert.Null(failure);
        return samples;
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
