using System.IO.Hashing;
using System.Text;
using System.Text.Json;
using DataBuild.Engine.Graph;
using DataBuild.V1;

namespace DataBuild.Engine.Hosting;

/// <summary>
/// Files that tell jobs the paths of the sources they may read. One for each distinct set of sources, named by its content and
/// shared by all runs with that set: a run for which it is there already costs no write.
/// </summary>
internal sealed class SourceFiles(string folder, string projectFolder, Func<GraphLookup> graph)
{
    /// <summary>Where remembering starts anew: a service would remember the sources of each day there ever was.</summary>
    private const int Remembered = 1_000;

    private readonly Dictionary<string, string> written = new(StringComparer.Ordinal);

    /// <summary>Full path of the file for these inputs; empty if none of them is a source.</summary>
    public string For(JobRunQueueEventV1 queue)
    {
        string text = Text(queue, graph(), projectFolder);
        return text.Length == 0 ? "" : FileOf(text);
    }

    /// <summary>What the file for these inputs holds; empty if none of them is a source.</summary>
    public static string Text(JobRunQueueEventV1 queue, GraphLookup graph, string projectFolder)
    {
        var paths = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var input in queue.Inputs)
        {
            if (input.RunId.Length == 0 && graph.Find(input.Ref) is { IsSource: true } family)
            {
                paths[input.Ref] = Path.GetFullPath(family.SourcePath(input.Ref), projectFolder);
            }
        }

        return paths.Count == 0 ? "" : JsonSerializer.Serialize(paths);
    }

    private string FileOf(string text)
    {
        if (!written.TryGetValue(text, out string? file))
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            file = Path.Combine(folder, $"{Convert.ToHexStringLower(XxHash128.Hash(bytes))}.json");
            StateFolder.Guarded(file, () => Write(file, bytes));
            if (written.Count >= Remembered)
            {
                written.Clear();
            }

            written.Add(text, file);
        }

        return file;
    }

    private void Write(string file, byte[] bytes)
    {
        // A loss of power may have left it empty or cut: its name alone says nothing.
        if (!File.Exists(file) || !File.ReadAllBytes(file).AsSpan().SequenceEqual(bytes))
        {
            Directory.CreateDirectory(folder);
            File.WriteAllBytes(file + ".new", bytes);
            File.Move(file + ".new", file, overwrite: true);
        }
    }
}
