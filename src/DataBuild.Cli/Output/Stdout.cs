using Microsoft.Win32.SafeHandles;

namespace DataBuild.Cli.Output;

/// <summary>
/// Stdout as a stream that says so when nobody reads it any more. The console's own stream swallows that, and a listing of a million
/// lines would be made to its end for `| head`.
/// </summary>
internal static class Stdout
{
    public static Stream Open()
    {
        // On a file it writes where it thinks the end is, whoever else has it open; there is nobody there who stops reading either.
        var pipe = OperatingSystem.IsWindows() ? null : new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        return pipe is { CanSeek: false } ? pipe : Console.OpenStandardOutput();
    }
}
