using System.Diagnostics;
using System.Text;

namespace DataBuild.MSBuild.Tests.Verbs;

/// <summary>`dotnet watch build`: a changed source, script or project starts the next build, and ending it leaves nothing behind.</summary>
public sealed class WatchTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    [Fact]
    public async Task Watch_builds_again_when_a_source_a_script_or_the_project_changes()
    {
        using var sandbox = Pages.New();
        sandbox.WriteProject(Pages.Items.Replace("Path=\"words.txt\"", "Path=\"words.txt\" /><Source Include=\"lists/{name}\" Path=\"lists/{name}.txt\"", StringComparison.Ordinal));
        sandbox.EnvironmentVariables["DOTNET_WATCH_SUPPRESS_EMOJIS"] = "1";
        using var process = sandbox.Start("watch", "--project", "pages.dbproj", "--non-interactive", "build");
        var said = new StringBuilder();
        var changed = new SemaphoreSlim(0);
        void Take(object sender, DataReceivedEventArgs line)
        {
            lock (said)
            {
                said.AppendLine(line.Data);
            }

            changed.Release();
        }

        process.OutputDataReceived += Take;
        process.ErrorDataReceived += Take;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using var patience = new CancellationTokenSource(Patience);
        var seen = 0;
        async Task Say(string text)
        {
            for (; ; await changed.WaitAsync(patience.Token))
            {
                lock (said)
                {
                    var at = said.ToString().IndexOf(text, seen, StringComparison.Ordinal);
                    if (at >= 0)
                    {
                        seen = at + text.Length;
                        return;
                    }
                }
            }
        }

        try
        {
            await Say("pages -> 4 built");
            await Say("Waiting for a file to change");
            sandbox.Write("words.txt", "one\nzwei\nthree\n");
            await Say("pages -> 3 built");
            await Say("Waiting for a file to change");
            sandbox.Write("jobs/page.sh", sandbox.Read("jobs/page.sh").Replace("page of", "leaf of", StringComparison.Ordinal));
            await Say("pages -> 2 built");
            await Say("Waiting for a file to change");
            sandbox.WriteProject(Pages.Items.Replace("{1..2}", "{1..3}", StringComparison.Ordinal));
            await Say("pages -> 2 built");
            Assert.Equal("leaf of three\n", sandbox.Read("data/page/3.txt"));
            await Say("Waiting for a file to change");

            // Not SIGINT, which a test run in the background ignores, and so do its children.
            using var end = Process.Start("kill", ["-TERM", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail(said.ToString());
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }

        var left = Directory.EnumerateDirectories("/proc").Where(folder => char.IsAsciiDigit(Path.GetFileName(folder)[0])).Select(CommandLine).ToList();
        Assert.DoesNotContain(left, line => line.Contains(sandbox.Root, StringComparison.Ordinal));
    }

    /// <summary>Of a process that may end while it is looked at.</summary>
    private static string CommandLine(string folder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, "cmdline"));
        }
        catch (IOException)
        {
            return "";
        }
        catch (UnauthorizedAccessException)
        {
            return "";
        }
    }
}
