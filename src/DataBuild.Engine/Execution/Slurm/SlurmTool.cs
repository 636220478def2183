using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace DataBuild.Engine.Execution.Slurm;

/// <summary>
/// Runs Slurm's commands, each bounded in time and output. They get an environment of few names, so that what Slurm stores of it, and
/// gives to jobs, holds nothing of the engine's.
/// </summary>
internal sealed class SlurmTool(string folder, TimeSpan timeout)
{
    private const int MostOutput = 64 << 20;
    private static readonly string[] Kept = ["PATH", "HOME", "USER", "LOGNAME", "SLURM_CONF", "SLURM_CLUSTERS", "SLURM_JWT", "LD_LIBRARY_PATH"];

    public async Task<ToolAnswer> Run(string name, IReadOnlyList<string> arguments, string input, CancellationToken abandoned)
    {
        var start = new ProcessStartInfo(folder.Length > 0 ? Path.Combine(folder, name) : name, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(false),
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
            WorkingDirectory = "/",
        };
        var environment = Kept.Select(variable => (Name: variable, Value: Environment.GetEnvironmentVariable(variable))).ToList();
        start.Environment.Clear();
        foreach (var (variable, value) in environment)
        {
            if (value is not null)
            {
                start.Environment[variable] = value;
            }
        }

        start.Environment["LC_ALL"] = "C";
        using var process = new Process { StartInfo = start };
        try
        {
            process.Start();
        }
        catch (Win32Exception missing)
        {
            return new ToolAnswer(name, Missing: true, TimedOut: false, 127, "", $"{name}: {missing.Message}");
        }

        // Which the process, when it is disposed of, leaves to whoever has used them.
        using var standardOutput = process.StandardOutput;
        using var standardError = process.StandardError;
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(abandoned);
        bound.CancelAfter(timeout);
        try
        {
            var output = Read(standardOutput, bound.Token);
            var error = Read(standardError, bound.Token);
            await Give(process, input, bound.Token).ConfigureAwait(false);
            var texts = await Task.WhenAll(output, error).ConfigureAwait(false);
            await process.WaitForExitAsync(bound.Token).ConfigureAwait(false);
            return new ToolAnswer(name, Missing: false, TimedOut: false, process.ExitCode, texts[0], texts[1]);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            return new ToolAnswer(name, Missing: false, TimedOut: true, -1, "", $"{name} did not answer within {timeout.TotalSeconds:0.#} s");
        }
    }

    private static async Task Give(Process process, string input, CancellationToken bound)
    {
        try
        {
            await process.StandardInput.WriteAsync(input.AsMemory(), bound).ConfigureAwait(false);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading: its exit code and stderr say why.
        }
    }

    private static async Task<string> Read(StreamReader reader, CancellationToken bound)
    {
        var text = new StringBuilder();
        var buffer = new char[16 << 10];
        int read;
        while ((read = await reader.ReadAsync(buffer, bound).ConfigureAwait(false)) > 0)
        {
            if (text.Length < MostOutput)
            {
                text.Append(buffer, 0, read);
            }
        }

        return text.ToString();
    }
}
