using DataBuild.Engine.Diagnostics;
using DataBuild.V1;

namespace DataBuild.Cli;

/// <summary>The request that compiling a project leaves for the engine.</summary>
internal static class Requests
{
    /// <summary>Where it is unless the project moves its obj folder.</summary>
    public static string DefaultFile(string projectFile, ChosenEnvironment environment) =>
        Path.Combine(Path.GetDirectoryName(projectFile)!, "obj", "databuild" + environment.Suffix, "request.binpb");

    public static EngineRequest Read(string file, string projectFile) => PublishedGraph.Is(file) ? PublishedGraph.Read(file)
        : File.Exists(file) ? EngineRequest.Parser.ParseFrom(File.ReadAllBytes(file))
        : throw new DataBuildException(
            Rules.NoRequest, $"'{projectFile}' was built and gave no graph; a DataBuild project begins with <Project Sdk=\"DataBuild.Sdk\">");
}
