using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Hosting;
using DataBuild.Engine.Hosting.Queries;
using DataBuild.V1;
using Google.Protobuf;

namespace DataBuild.Cli;

/// <summary>Finds project and log from what was given, else from the current folder. No project is evaluated to find a log.</summary>
internal static class Places
{
    private const string StateFolder = ".databuild";

    private static string Here => Directory.GetCurrentDirectory();

    /// <summary>Full path of the project's file.</summary>
    public static string Project(string? given)
    {
        string path = Path.GetFullPath(given ?? Here);
        if (!Directory.Exists(path))
        {
            return File.Exists(path)
                ? path
                : throw new DataBuildException(Rules.NoSuchProject, $"there is no project '{given}'; name a .dbproj or a folder with one");
        }

        return Single(path)
            ?? PublishedGraph.In(path)
            ?? throw new DataBuildException(Rules.NoSuchProject, $"there is no .dbproj in '{path}'; name the project with --project");
    }

    /// <summary>The log: given, or where the project keeps that of the environment. The project's file may be gone.</summary>
    public static LogPlace Log(string? project, ChosenEnvironment environment, string? stateDirectory, string? log)
    {
        if (environment.DiffersFromRun || (stateDirectory is null && log is null))
        {
            return OfProject(project, environment);
        }

        string? folder = stateDirectory is null ? null : Path.TrimEndingDirectorySeparator(Path.GetFullPath(stateDirectory));
        string file = log is null ? Workspace.LogIn(folder!) : Path.GetFullPath(log);
        return new LogPlace(file, folder ?? Path.GetDirectoryName(file)!, Here);
    }

    /// <summary>What the last build of this project was told; where there is no trace of one, the default.</summary>
    private static LogPlace OfProject(string? given, ChosenEnvironment environment)
    {
        string path = Path.GetFullPath(given ?? Here);
        bool isFolder = Directory.Exists(path) || (!File.Exists(path) && !path.EndsWith(".dbproj", StringComparison.OrdinalIgnoreCase));
        string folder = isFolder ? path : Path.GetDirectoryName(path)!;
        string? file = isFolder ? (Directory.Exists(path) ? Single(path) : null) : path;
        if (file is null && PublishedGraph.In(folder) is { } published)
        {
            var itsOwn = Workspace.Of(PublishedGraph.Read(published));
            return new LogPlace(itsOwn.Log, Path.TrimEndingDirectorySeparator(itsOwn.StateDirectory), Here);
        }

        if (file is not null && Request(Requests.DefaultFile(file, environment)) is { } request && request.ProjectFile == file)
        {
            var workspace = Workspace.Of(request);
            return new LogPlace(workspace.Log, Path.TrimEndingDirectorySeparator(workspace.StateDirectory), Here);
        }

        string state = Path.Combine(folder, StateFolder + environment.Suffix);
        return new LogPlace(Workspace.LogIn(state), state, Here);
    }

    /// <summary>Where the last build of this project put its data; null where no trace of one is left.</summary>
    public static string? DataRoot(string? given, ChosenEnvironment environment)
    {
        string path = Path.GetFullPath(given ?? Here);
        string? file = Directory.Exists(path) ? Single(path) : path;
        if (file is null && PublishedGraph.In(path) is { } published)
        {
            return Workspace.Of(PublishedGraph.Read(published)).DataRoot;
        }

        return file is not null && Request(Requests.DefaultFile(file, environment)) is { } request && request.ProjectFile == file ? Workspace.Of(request).DataRoot : null;
    }

    private static EngineRequest? Request(string file)
    {
        try
        {
            return File.Exists(file) ? EngineRequest.Parser.ParseFrom(File.ReadAllBytes(file)) : null;
        }
        catch (InvalidProtocolBufferException)
        {
            // Being written, or of another version: the default is as good a guess as without it.
            return null;
        }
    }

    private static string? Single(string folder)
    {
        var files = Directory.GetFiles(folder, "*.dbproj");
        return files.Length <= 1
            ? files.FirstOrDefault()
            : throw new DataBuildException(
                Rules.NoSuchProject, $"'{folder}' holds {files.Length} projects ({string.Join(", ", files.Select(Path.GetFileName).Order(StringComparer.Ordinal))}); name one with --project");
    }
}
