using System.Diagnostics;
using System.Reflection;

namespace DataBuild.Cli.Tests;

/// <summary>The tool as it is installed, as a process of its own with its output redirected.</summary>
internal static class Tool
{
    private static readonly string host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    public static string Program { get; } = Path.GetFullPath(
        typeof(Tool).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(known => known.Key == "Tool").Value!);

    public static Answer Run(string folder, params string[] arguments) => Run(folder, Program, _ => { }, "", arguments);

    public static Answer Run(string folder, string program, Action<IDictionary<string, string?>> environment, string input, params string[] arguments)
    {
        var start = new ProcessStartInfo(host)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (string argument in (string[])["exec", program, .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        environment(start.Environment);
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new Answer(process.ExitCode, output, error.Result);
    }
}
