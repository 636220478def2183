using DataBuild.Engine.Diagnostics;
using DataBuild.V1;
using Google.Protobuf;

namespace DataBuild.Engine.Hosting;

/// <summary>A result or plan as a file for others to read: whole and of this build, or not there.</summary>
internal static class ReportFile
{
    /// <summary>Null, or the warning that it could not be written: no build fails for that.</summary>
    public static Diagnostic? Write(string path, IMessage message)
    {
        if (path.Length == 0)
        {
            return null;
        }

        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path + ".new", JsonFormatter.Default.Format(message));
            File.Move(path + ".new", path, overwrite: true);
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            string left = TryDelete(path + ".new") && TryDelete(path) ? "" : "; what is there is of an earlier build";
            return Rules.ReportNotWritten.At($"'{path}' could not be written: {failure.Message}{left}. Free space or make its folder writable; nothing else depends on it");
        }
    }

    private static bool TryDelete(string path)
    {
        try
        {
            File.Delete(path);
            return true;
        }
        catch (DirectoryNotFoundException)
        {
            return true;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
