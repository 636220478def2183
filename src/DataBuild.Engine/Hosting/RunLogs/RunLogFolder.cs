namespace DataBuild.Engine.Hosting.RunLogs;

/// <summary>What a run wrote on its streams.</summary>
internal readonly record struct RunLogFolder(Guid Run, DateTime Written, long Bytes)
{
    /// <summary>Null for what is no folder of a run, or is gone by now.</summary>
    public static RunLogFolder? At(string path, string name)
    {
        if (!Guid.TryParseExact(name, "D", out var run))
        {
            return null;
        }

        var folder = new DirectoryInfo(path);
        if (!folder.Exists || folder.LinkTarget is not null)
        {
            return null;
        }

        var written = folder.LastWriteTimeUtc;
        long bytes = 0;
        foreach (var file in folder.EnumerateFiles())
        {
            written = file.LastWriteTimeUtc > written ? file.LastWriteTimeUtc : written;
            bytes += file.Length;
        }

        return new RunLogFolder(run, written, bytes);
    }
}
