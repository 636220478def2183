using System.Text;

namespace DataBuild.Tasks.Ci;

/// <summary>A file that several builds at one time add to: the projects of a solution are built by processes of their own.</summary>
internal static class SharedFile
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <param name="file">The file; made where it is not there.</param>
    /// <param name="textAfter">What to add after so many bytes.</param>
    public static void Append(string file, Func<long, string> textAfter)
    {
        using var mutex = new Mutex(initiallyOwned: false, "databuild-summary");
        if (!Acquire(mutex))
        {
            throw new IOException($"another build has kept it for {Patience.TotalSeconds:0} s");
        }

        try
        {
            using var stream = new FileStream(file, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
            var bytes = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false).GetBytes(textAfter(stream.Length));
            stream.Write(bytes, 0, bytes.Length);
        }
        finally
        {
            mutex.ReleaseMutex();
        }
    }

    private static bool Acquire(Mutex mutex)
    {
        try
        {
            return mutex.WaitOne(Patience);
        }
        catch (AbandonedMutexException)
        {
            // Its owner was killed. What it wrote is whole or cut; ours comes after it.
            return true;
        }
    }
}
