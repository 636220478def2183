namespace DataBuild.Jobs.Tests;

/// <summary>A folder of its own for a test, removed after it.</summary>
internal sealed class TempFolder : IDisposable
{
    public string FullPath { get; } = Directory.CreateTempSubdirectory("databuild-jobs-").FullName;

    public string this[string relative] => Path.Combine(FullPath, relative);

    public string Write(string relative, string text)
    {
        string path = this[relative];
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    public void Dispose() => Directory.Delete(FullPath, recursive: true);
}
