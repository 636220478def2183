using System.Text;

namespace DataBuild.Tasks.Engine;

/// <summary>The engine's last words: it is read all the time, so that the engine never waits, and only its end is kept.</summary>
internal sealed class StderrTail
{
    private const int MostCharacters = 4096;

    private readonly StringBuilder _kept = new();
    private readonly Thread _thread;

    public StderrTail(StreamReader reader)
    {
        _thread = new Thread(() => Read(reader)) { IsBackground = true, Name = "DataBuild engine stderr" };
        _thread.Start();
    }

    /// <summary>What was said so far, after waiting a little for the rest of it, in one line.</summary>
    public string LastWords(TimeSpan patience)
    {
        _thread.Join(patience);
        lock (_kept)
        {
            var lines = _kept.ToString().Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0).ToList();
            return string.Join(" | ", lines.Skip(Math.Max(0, lines.Count - 6)));
        }
    }

    private void Read(StreamReader reader)
    {
        var buffer = new char[1024];
        try
        {
            for (var count = reader.Read(buffer, 0, buffer.Length); count > 0; count = reader.Read(buffer, 0, buffer.Length))
            {
                lock (_kept)
                {
                    _kept.Append(buffer, 0, count);
                    if (_kept.Length > MostCharacters)
                    {
                        _kept.Remove(0, _kept.Length - MostCharacters);
                    }
                }
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // The pipe was closed from our side after the engine's end; what was kept is all there is.
        }
    }
}
