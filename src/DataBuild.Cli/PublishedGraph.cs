using DataBuild.Engine.Diagnostics;
using DataBuild.V1;
using Google.Protobuf;

namespace DataBuild.Cli;

/// <summary>
/// A folder that `dotnet publish` made of a project: its graph and its request, as text, with paths relative to the folder. It stands
/// for the project where there is no .NET SDK to compile one.
/// </summary>
internal static class PublishedGraph
{
    public const string RequestName = "request.json";
    private const string GraphName = "graph.json";

    /// <summary>The file that stands for the project; null if the folder is no such one.</summary>
    public static string? In(string folder) =>
        File.Exists(Path.Combine(folder, RequestName)) && File.Exists(Path.Combine(folder, GraphName)) ? Path.Combine(folder, RequestName) : null;

    public static bool Is(string? projectFile) => projectFile is not null && Path.GetFileName(projectFile) == RequestName;

    /// <summary>The file, if nothing was asked for that takes an evaluation of the project.</summary>
    public static string Compiled(string file, IReadOnlyList<string> properties) => properties.Count == 0
        ? file
        : throw new DataBuildException(Rules.PublishedGraphIsFixed,
            $"'{Path.GetDirectoryName(file)}' is a published graph, which takes no properties ({properties[0]}); set them when you publish, or change {RequestName} there");

    public static EngineRequest Read(string file)
    {
        string folder = Path.GetDirectoryName(file)!;
        try
        {
            var request = EngineRequest.Parser.ParseJson(File.ReadAllText(file));
            request.Graph = GraphDocument.Parser.ParseJson(File.ReadAllText(Path.Combine(folder, GraphName)));
            request.ProjectFile = Path.GetFullPath(request.ProjectFile, folder);
            request.DataRoot = Path.GetFullPath(request.DataRoot, folder);
            request.StateDirectory = Path.GetFullPath(request.StateDirectory, folder);
            request.Log = request.Log.Length == 0 ? "" : Path.GetFullPath(request.Log, folder);
            request.PlanFile = Path.GetFullPath(request.PlanFile, folder);
            request.ResultFile = Path.GetFullPath(request.ResultFile, folder);
            return request;
        }
        catch (Exception unread) when (unread is InvalidProtocolBufferException or InvalidJsonException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new DataBuildException(Rules.PublishedGraphUnreadable, $"the published graph in '{folder}' cannot be read: {unread.Message}; publish the project again", inner: unread);
        }
    }
}
