using System.Diagnostics;
using System.Globalization;

namespace DataBuild.MSBuild.Tests.Setups;

/// <summary>All processes that commands of one sandbox left: they bear its mark, or work in its folder.</summary>
internal sealed class Servants : IDisposable
{
    private const string Variable = "DATABUILD_TEST_MARK";

    private readonly string mark = Guid.NewGuid().ToString("N");
    private readonly string folder;

    public Servants(Sandbox sandbox)
    {
        folder = sandbox.Root;
        sandbox.EnvironmentVariables[Variable] = mark;
    }

    /// <summary>Switches on what users have and tests have not: MSBuild's server and nodes that stay. They are to be ended.</summary>
    public static Servants WithServer(Sandbox sandbox)
    {
        sandbox.EnvironmentVariables["MSBUILDDISABLENODEREUSE"] = "0";
        sandbox.EnvironmentVariables["DOTNET_CLI_USE_MSBUILD_SERVER"] = "1";

        // Nobody else's nodes are met.
        sandbox.EnvironmentVariables["MSBUILDNODEHANDSHAKESALT"] = Guid.NewGuid().ToString("N");
        return new Servants(sandbox);
    }

    public IReadOnlyList<string> Living() => [.. Find().Select(found => found.Command)];

    /// <summary>Waits for the last of them to end.</summary>
    public void AssertGone(TimeSpan patience)
    {
        var left = Living();
        bool gone = SpinWait.SpinUntil(() => (left = Living()).Count == 0, patience);
        Assert.True(gone, string.Join("\n", left));
    }

    public void Dispose()
    {
        foreach (var (id, _) in Find())
        {
            try
            {
                using var process = Process.GetProcessById(id);
                process.Kill();
                process.WaitForExit();
            }
            catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
            {
                // It has ended by itself.
                continue;
            }
        }
    }

    private List<(int Id, string Command)> Find()
    {
        var found = new List<(int, string)>();
        foreach (string process in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(process), NumberStyles.None, CultureInfo.InvariantCulture, out int id) && id != Environment.ProcessId && IsOurs(process) is { } command)
            {
                found.Add((id, command));
            }
        }

        return found;
    }

    private string? IsOurs(string process)
    {
        try
        {
            string command = File.ReadAllText(process + "/cmdline").Replace('\0', ' ');
            bool isOurs = File.ReadAllText(process + "/environ").Contains(mark, StringComparison.Ordinal)
                || new FileInfo(process + "/cwd").LinkTarget?.StartsWith(folder, StringComparison.Ordinal) == true;

            // One that has ended and waits for its parent has no command line any more.
            return isOurs && command.Length > 0 ? command : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It has ended, or is another user's.
            return null;
        }
    }
}
