using DataBuild.V1;

namespace DataBuild.Tasks.Mirror;

/// <summary>The ends of what failed runs wrote: as much as tells what went wrong, of as many runs as anybody reads.</summary>
internal sealed class FailedLogs(string folder)
{
    private const int MostRuns = 50;
    private const int MostBytes = 64 * 1024;

    private static readonly string[] Streams = ["stdout.log", "stderr.log"];

    private int _runs;

    public void Add(RunReport run)
    {
        if (run.Log.Length == 0 || _runs == MostRuns)
        {
            return;
        }

        _runs++;
        foreach (var stream in Streams)
        {
            var file = Path.Combine(run.Log, stream);
            if (File.Exists(file) && Tail(file) is { Length: > 0 } tail)
            {
                Directory.CreateDirectory(folder);
                File.WriteAllBytes(Path.Combine(folder, Path.GetFileName(run.RunId) + "." + stream), tail);
            }
        }
    }

    /// <summary>Begins with a whole line where it holds one.</summary>
    private static byte[] Tail(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var cut = stream.Length > MostBytes;
        stream.Position = cut ? stream.Length - MostBytes : 0;
        var bytes = new byte[stream.Length - stream.Position];
        var count = 0;
        for (var read = stream.Read(bytes, 0, bytes.Length); read > 0; read = stream.Read(bytes, count, bytes.Length - count))
        {
            count += read;
        }

        var first = cut ? Array.IndexOf(bytes, (byte)'\n', 0, count) + 1 : 0;
        return first == count ? bytes.Take(count).ToArray() : bytes.Skip(first).Take(count - first).ToArray();
    }
}
