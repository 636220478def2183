using System.Globalization;

namespace DataBuild.Engine.Execution;

/// <summary>The executor's folder for partitions and messages files. Removes only what an executor makes.</summary>
internal static class ScratchFolder
{
    private const string PartitionsEnding = ".refs";
    private const string MessagesEnding = ".messages";

    public static string Partitions(string folder, int slot) => Path.Combine(folder, slot + PartitionsEnding);

    public static string Messages(string folder, string runId) => Path.Combine(folder, runId + MessagesEnding);

    /// <summary>Makes the folder, and clears it and those of earlier engines of what they left. If that fails, so does the first run, with the reason.</summary>
    public static void Prepare(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            Clear(folder);
            foreach (var older in Directory.EnumerateDirectories(Path.GetDirectoryName(folder)!).Where(other => other != folder && IsTerm(other)))
            {
                Clear(older);
                Directory.Delete(older);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Each run opens its partitions file by itself and reports the errno of that, which says more than this does.
        }
    }

    /// <summary>Folders of earlier executors lie beside this one's, each named by the term of its engine.</summary>
    private static bool IsTerm(string folder) => ulong.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out _);

    private static void Clear(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder))
        {
            if (file.EndsWith(MessagesEnding, StringComparison.Ordinal) || file.EndsWith(PartitionsEnding, StringComparison.Ordinal))
            {
                File.Delete(file);
            }
        }
    }
}
