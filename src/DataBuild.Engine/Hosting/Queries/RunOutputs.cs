using System.Text;
using DataBuild.V1;

namespace DataBuild.Engine.Hosting.Queries;

/// <summary>What a run wrote on its streams; it may be writing still.</summary>
public static class RunOutputs
{
    public static RunOutput Read(LogPlace place, string folder, string name, long mostBytes)
    {
        string path = Path.Combine(folder, name);
        var output = new RunOutput();
        if (!File.Exists(path))
        {
            return output;
        }

        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        output.Path = place.Show(path);
        output.Bytes = file.Length;
        file.Position = Math.Max(0, file.Length - mostBytes);
        var bytes = new byte[Math.Min(file.Length, mostBytes)];
        int read = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        output.Text = WholeLines(Encoding.UTF8.GetString(bytes, 0, read), cut: file.Length > mostBytes);
        return output;
    }

    /// <summary>A tail begins with a whole line where it holds one.</summary>
    private static string WholeLines(string text, bool cut) =>
        cut && text.IndexOf('\n', StringComparison.Ordinal) is >= 0 and var end && end < text.Length - 1 ? text[(end + 1)..] : text;
}
