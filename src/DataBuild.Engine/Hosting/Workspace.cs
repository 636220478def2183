using DataBuild.V1;

namespace DataBuild.Engine.Hosting;

/// <summary>Where a project's things lie; all paths are full.</summary>
public sealed record Workspace
{
    public required string ProjectFolder { get; init; }

    public required string ProjectFile { get; init; }

    public required string DataRoot { get; init; }

    public required string StateDirectory { get; init; }

    public required string Log { get; init; }

    /// <summary>What paths shown to people are relative to; empty to show them in full.</summary>
    public string StartDirectory { get; init; } = "";

    public string Runs => Path.Combine(StateDirectory, "runs");

    public string Sources => Path.Combine(StateDirectory, "sources");

    /// <summary>One for each term: an engine that was paused across its lease must not write where the next one's jobs read.</summary>
    public string ScratchOf(ulong term) => Path.Combine(StateDirectory, "scratch", term.ToString(System.Globalization.CultureInfo.InvariantCulture));

    public string Hashes => Path.Combine(StateDirectory, "hashes");

    public static Workspace Of(EngineRequest request)
    {
        string state = request.StateDirectory;
        return new Workspace
        {
            ProjectFile = request.ProjectFile,
            ProjectFolder = Path.GetDirectoryName(request.ProjectFile) ?? request.ProjectFile,
            DataRoot = Path.TrimEndingDirectorySeparator(request.DataRoot),
            StateDirectory = state,
            Log = request.Log.Length > 0 ? request.Log : LogIn(state),
            StartDirectory = request.StartDirectory,
        };
    }

    /// <summary>The log of a state directory, unless another one is set.</summary>
    public static string LogIn(string stateDirectory) => Path.Combine(stateDirectory, "log.db");

    public string RunLog(string runId) => Path.Combine(Runs, runId);

    /// <summary>A path as people are shown it.</summary>
    public string Show(string path) => StartDirectory.Length > 0 ? Path.GetRelativePath(StartDirectory, path) : path;
}
