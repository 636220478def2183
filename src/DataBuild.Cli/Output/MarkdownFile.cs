using DataBuild.Engine.Diagnostics;

namespace DataBuild.Cli.Output;

/// <summary>The file of --markdown.</summary>
internal static class MarkdownFile
{
    /// <param name="file">Where to; nothing is written where it is null.</param>
    /// <param name="page">What.</param>
    public static void Write(string? file, string page)
    {
        try
        {
            if (file is not null)
            {
                File.WriteAllText(file, page);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new DataBuildException(Rules.MarkdownNotWritten, $"'{file}' cannot be written: {e.Message.TrimEnd('.')}; name another file", inner: e);
        }
    }
}
