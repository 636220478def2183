using DataBuild.V1;
using Google.Protobuf;

namespace DataBuild.Tasks.Authoring;

internal static class GraphFiles
{
    public static EngineRequest Read(string requestFile) => EngineRequest.Parser.ParseFrom(File.ReadAllBytes(requestFile));

    /// <summary>Writes the request, and its graph for people; neither if the request is what is there already.</summary>
    public static void Write(EngineRequest request, string requestFile, string graphFile)
    {
        var bytes = request.ToByteArray();
        if (File.Exists(graphFile) && File.Exists(requestFile) && File.ReadAllBytes(requestFile).AsSpan().SequenceEqual(bytes))
        {
            return;
        }

        var formatter = new JsonFormatter(JsonFormatter.Settings.Default.WithIndentation());
        File.WriteAllText(graphFile, formatter.Format(request.Graph) + "\n");
        File.WriteAllBytes(requestFile, bytes);
    }
}
