namespace DataBuild.Engine.Tests.Execution;

/// <summary>Looks at processes from outside, by another way than the engine's own.</summary>
internal static class Probe
{
    public static bool IsAlive(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            return stat[stat.LastIndexOf(')') + 2] is not ('Z' or 'X');
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException or IOException)
        {
            return false;
        }
    }

    /// <summary>Waits for a file that a job makes, and gives its text.</summary>
    public static async Task<string> WhenWritten(string path)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!File.Exists(path) || new FileInfo(path).Length == 0)
        {
            await Task.Delay(5, patience.Token);
        }

        return await File.ReadAllTextAsync(path, patience.Token);
    }

    /// <summary>Waits for a file with a process id and a line end.</summary>
    public static async Task<int> WhenPidWritten(string path)
    {
        string text;
        do
        {
            text = await WhenWritten(path);
        }
        while (!text.EndsWith('\n'));
        return int.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
    }
}
