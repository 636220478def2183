namespace DataBuild.Faults.Tests.PowerLoss;

/// <summary>One recording for each pair of durabilities, made when it is first asked for.</summary>
public sealed class Recordings : IDisposable
{
    private const int MostAttempts = 4;

    private readonly Dictionary<(string, string), Recorder> made = [];

    /// <summary>In memory where there is such a folder: thousands of files are written for each image.</summary>
    internal string Home { get; } = Directory.CreateDirectory(Path.Combine(
        Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), $"databuild-power-{Guid.NewGuid():N}")).FullName;

    internal Recorder Of(string log, string files)
    {
        if (!made.TryGetValue((log, files), out var recorder))
        {
            string[] engine = (log, files) == ("Full", "Full")
                ? ["dotnet", Repository.Cli, "engine"]
                : ["dotnet", typeof(Recordings).Assembly.Location, log, files];
            recorder = Record($"{log}-{files}", engine);
            made.Add((log, files), recorder);
        }

        return recorder;
    }

    /// <summary>One that is unclear is made again: few are.</summary>
    private Recorder Record(string name, string[] engine)
    {
        for (int attempt = 1; ; attempt++)
        {
            var recorder = new Recorder(Directory.CreateDirectory(Path.Combine(Home, $"{name}-{attempt}")).FullName, engine);
            try
            {
                recorder.Record();
                return recorder;
            }
            catch (UnclearRecordingException) when (attempt < MostAttempts)
            {
                // The killer's file may still lie there, but in a folder that is not used again.
            }
        }
    }

    public void Dispose() => Directory.Delete(Home, recursive: true);
}
