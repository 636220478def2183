using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Build.Framework;
using Task = Microsoft.Build.Utilities.Task;

namespace DataBuild.Tasks;

/// <summary>
/// Whether the MSBuild server builds for `dotnet run`. Its own command line tells nothing, and neither environment nor properties
/// differ from those of `dotnet build`; the command that waits for it does. That is one in the folder where the build began that has
/// started nothing yet: the program that it is to run comes after the build. Only where there is a /proc.
/// </summary>
public sealed class AskServer : Task
{
    private const int MostPathBytes = 4096;

    /// <summary>The folder that the build was started in.</summary>
    [Required]
    public string StartDirectory { get; set; } = "";

    /// <summary>What the command line of such a command looks like.</summary>
    [Required]
    public string Pattern { get; set; } = "";

    [Output]
    public bool IsForRun { get; private set; }

    public override bool Execute()
    {
        var processes = Directory.Exists("/proc/self") ? All() : [];
        var busy = new HashSet<int>(processes.Where(process => !process.Command.Contains("/nodemode:")).Select(process => process.Parent));
        var folder = StartDirectory.TrimEnd('/');
        IsForRun = processes.Exists(process =>
            !busy.Contains(process.Id) && Regex.IsMatch(process.Command, Pattern) && FolderOf(process.Id) == folder);
        return true;
    }

    private static List<(int Id, int Parent, string Command)> All()
    {
        var found = new List<(int, int, string)>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id) && Read(folder, "stat") is { } stat
                && Read(folder, "cmdline") is { } command && Regex.Match(stat, "[)] [A-Z] ([0-9]+) ") is { Success: true } match)
            {
                found.Add((id, int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture), command));
            }
        }

        return found;
    }

    private static string? Read(string folder, string file)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, file));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It has ended, or is another user's and so not who started this.
            return null;
        }
    }

    private static string? FolderOf(int id)
    {
        var path = new byte[MostPathBytes];
        var length = (int)ReadLink(Encoding.ASCII.GetBytes($"/proc/{id}/cwd\0"), path, (IntPtr)path.Length);
        return length < 0 ? null : Encoding.UTF8.GetString(path, 0, length).TrimEnd('/');
    }

    [DllImport("libc", EntryPoint = "readlink")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern IntPtr ReadLink(byte[] path, byte[] target, IntPtr size);
}
