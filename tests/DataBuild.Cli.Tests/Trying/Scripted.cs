using DataBuild.V1;

namespace DataBuild.Cli.Tests.Trying;

/// <summary>Projects whose jobs are shell scripts given here.</summary>
internal static class Scripted
{
    public static Project With(this Project project, string label, string script, Action<JobDefinition>? more = null)
    {
        File.WriteAllText(Path.Combine(project.Folder, $"{label}.sh"), script);
        var job = new JobDefinition { Label = label, Command = $"bash {label}.sh" };
        more?.Invoke(job);
        project.Graph.Jobs.Add(job);
        return project.Partition($"{label}/{{n:int}}", label);
    }

    /// <summary>Every file of data and state with its content, what is made anew each time left out.</summary>
    public static string Everything(this Project project) => string.Join('\n', ((string[])["data", ".databuild"])
        .Select(folder => Path.Combine(project.Folder, folder))
        .Where(Directory.Exists)
        .SelectMany(folder => Directory.GetFileSystemEntries(folder, "*", SearchOption.AllDirectories))
        .Where(path => !path.EndsWith("-shm", StringComparison.Ordinal) && !path.EndsWith("-wal", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal)
        .Select(path => File.Exists(path) ? $"{path} {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(path)))}" : path));

    public static string TryFolder(this Project project) => Path.Combine(project.Folder, ".databuild", "try");
}
