namespace DataBuild.Integration.Tests;

/// <summary>Looks at the machine's processes.</summary>
internal static class Processes
{
    /// <summary>Processes that live and whose environment names a text, by pid.</summary>
    public static IReadOnlyList<int> With(string text)
    {
        var found = new List<int>();
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), out int pid) && pid != Environment.ProcessId && Environ(folder).Contains($"DATABUILD_DATA_ROOT={text}", StringComparison.Ordinal))
            {
                found.Add(pid);
            }
        }

        return found;
    }

    private static string Environ(string folder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, "environ"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
