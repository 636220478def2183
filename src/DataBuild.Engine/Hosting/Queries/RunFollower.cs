using System.Text;

namespace DataBuild.Engine.Hosting.Queries;

/// <summary>
/// What a run writes, as it writes it, until the log says that it has ended. Woken by the file system, as <see cref="LogFollower"/>.
/// </summary>
public sealed class RunFollower : IDisposable
{
    private const int PieceBytes = 1 << 16;

    private readonly LogView view;
    private readonly string runId;
    private readonly string folder;
    private readonly FileWake wake = new();
    private readonly Tail[] tails;
    private bool isFolderWatched;

    public RunFollower(LogView view, string runId, string folder)
    {
        this.view = view;
        this.runId = runId;
        this.folder = folder;
        tails = [new Tail(Path.Combine(folder, "stdout.log")), new Tail(Path.Combine(folder, "stderr.log"))];
        wake.Watch(Path.GetDirectoryName(view.Place.Log)!, Path.GetFileName(view.Place.Log) + "*");
        if (Path.GetDirectoryName(folder) is { } runs && Directory.Exists(runs))
        {
            wake.Watch(runs, Path.GetFileName(folder));
        }
    }

    public IEnumerable<OutputPiece> Follow(ulong queuedAt, CancellationToken stop)
    {
        ulong next = queuedAt;
        bool ended = false;
        LogStamp? seen = null;
        while (!stop.IsCancellationRequested && !ended)
        {
            WatchFolder();
            var written = LogStamp.Of(view.Place.Log);
            foreach (var (offset, e) in written == seen ? [] : view.Log.Read(next))
            {
                ended |= RunHistory.EndOf(e) == runId;
                next = offset + 1;
            }

            seen = written;

            // After the log was read: what a run wrote is there before its end is logged.
            foreach (var piece in tails.SelectMany(tail => tail.New(view.Place)))
            {
                yield return piece;
            }

            if (!ended && !wake.Wait(LogFollower.SafetyInterval, stop))
            {
                seen = null;
            }
        }
    }

    /// <summary>What a run has written up to now.</summary>
    public static IEnumerable<OutputPiece> Written(LogPlace place, string folder)
    {
        foreach (string name in (string[])["stdout.log", "stderr.log"])
        {
            using var tail = new Tail(Path.Combine(folder, name));
            foreach (var piece in tail.New(place))
            {
                yield return piece;
            }
        }
    }

    public void Dispose()
    {
        Array.ForEach(tails, tail => tail.Dispose());
        wake.Dispose();
    }

    /// <summary>The folder is made with the first byte.</summary>
    private void WatchFolder()
    {
        if (!isFolderWatched && Directory.Exists(folder))
        {
            wake.Watch(folder, "*");
            isFolderWatched = true;
        }
    }

    private sealed class Tail(string path) : IDisposable
    {
        private readonly Decoder decoder = Encoding.UTF8.GetDecoder();
        private FileStream? file;

        public IEnumerable<OutputPiece> New(LogPlace place)
        {
            if (file is null && File.Exists(path))
            {
                file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            }

            if (file is null)
            {
                yield break;
            }

            var bytes = new byte[PieceBytes];
            var chars = new char[PieceBytes + 1];
            for (int read; (read = file.Read(bytes)) > 0;)
            {
                int length = decoder.GetChars(bytes.AsSpan(0, read), chars, flush: false);
                yield return new OutputPiece(place.Show(path), file.Position - read, new string(chars, 0, length));
            }
        }

        public void Dispose() => file?.Dispose();
    }
}
