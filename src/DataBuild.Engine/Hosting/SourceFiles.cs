using System.Text.Json;
using DataBuild.Engine.Graph;
using DataBuild.V1;

namespace DataBuild.Engine.Hosting;

/// <summary>
/// Files that tell jobs the paths of the sources they may read. One for each distinct set of sources, shared by all runs with that
/// set: a run for which it is there already costs no write.
/// </summary>
internal sealed class SourceFiles(string folder, string projectFolder)
{
    private readonly Dictionary<string, string> written = new(StringComparer.Ordinal);

    /// <summary>Full path of the file for these inputs; empty if none of them is a source.</summary>
    public string For(JobRunQueueEventV1 queue, GraphLookup graph)
    {
        var paths = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var input in queue.Inputs)
        {
            if (input.RunId.Length == 0 && graph.Find(input.Ref) is { IsSource: true } family)
            {
                paths[input.Ref] = Path.GetFullPath(family.SourcePath(input.Ref), projectFolder);
            }
        }

        if (paths.Count == 0)
        {
            return "";
        }

        string key = string.Join('\n', paths.Keys);
        if (!written.TryGetValue(key, out string? file))
        {
            Directory.CreateDirectory(folder);
            file = Path.Combine(folder, $"{queue.RunId}.json");
            File.WriteAllText(file, JsonSerializer.Serialize(paths));
            written.Add(key, file);
        }

        return file;
    }
}
