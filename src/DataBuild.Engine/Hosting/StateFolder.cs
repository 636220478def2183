using DataBuild.Engine.Diagnostics;

namespace DataBuild.Engine.Hosting;

/// <summary>What the engine itself writes below the state directory, with its error.</summary>
internal static class StateFolder
{
    public static void Guarded(string path, Action write)
    {
        try
        {
            write();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new DataBuildException(
                Rules.StateDirectoryFailed,
                $"cannot write '{path}': {failure.Message.TrimEnd('.')}; free space or make the state directory writable, and build again",
                inner: failure);
        }
    }
}
