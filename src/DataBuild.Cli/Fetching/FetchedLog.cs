namespace DataBuild.Cli.Fetching;

/// <summary>A log that is here to be read.</summary>
/// <param name="File">Full path.</param>
/// <param name="Name">What people call it: that path, or the address without what is secret in it.</param>
/// <param name="IsPassing">It was fetched for this once and goes when it has been read.</param>
internal sealed record FetchedLog(string File, string Name, bool IsPassing) : IDisposable
{
    public void Dispose()
    {
        if (IsPassing)
        {
            System.IO.File.Delete(File);
        }
    }
}
