using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Hosting;
using DataBuild.Engine.Hosting.Serving;

namespace DataBuild.Cli;

/// <summary>
/// The program that serves with the network API: this tool and ASP.NET Core, beside it in the same folder. The tool itself, which
/// starts for each build, never loads it but becomes it.
/// </summary>
internal static class ServiceProgram
{
    private const string Framework = "Microsoft.AspNetCore.App";

    /// <summary>Listens, in the program that can; null in the tool. The text is for people, a line of what it says at first.</summary>
    public static Func<ApiOptions, Workspace, ServiceDoor, Action<string>, Task<IServiceApi>>? Api { get; set; }

    /// <summary>Becomes the service with the arguments of this process: on Unix the process stays the same, elsewhere it waits for a child.</summary>
    public static int Become()
    {
        string program = Path.Combine(AppContext.BaseDirectory, "DataBuild.Service.dll");
        if (!File.Exists(program))
        {
            throw new DataBuildException(Rules.NoServiceProgram, $"'{program}' is not there, which serves with --port; install databuild again, or in its own repository build src/DataBuild.Service");
        }

        string shared = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", ".."));
        string frameworks = Path.Combine(shared, Framework);
        if (!Directory.Exists(frameworks) || !Directory.EnumerateDirectories(frameworks).Any(folder => Version.TryParse(Path.GetFileName(folder).Split('-')[0], out var version) && version.Major >= 10))
        {
            throw new DataBuildException(
                Rules.NoAspNetCore, $"serving with --port needs ASP.NET Core 10 ({Framework}), and '{frameworks}' has none; install the package aspnetcore-runtime-10.0 or the .NET SDK, or serve without --port");
        }

        string dotnet = Path.Combine(Path.GetDirectoryName(shared)!, OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet");
        string[] arguments = ["exec", program, .. Environment.GetCommandLineArgs()[1..]];
        return OperatingSystem.IsWindows() ? Run(dotnet, arguments) : Replace(dotnet, arguments);
    }

    private static int Replace(string dotnet, string[] arguments)
    {
        Console.Out.Flush();
        _ = Execute(dotnet, [dotnet, .. arguments, null]);
        throw CannotStart(dotnet, new Win32Exception(Marshal.GetLastPInvokeError()));
    }

    private static int Run(string dotnet, string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(dotnet, arguments) { UseShellExecute = false })!;
            process.WaitForExit();
            return process.ExitCode;
        }
        catch (Win32Exception e)
        {
            throw CannotStart(dotnet, e);
        }
    }

    private static DataBuildException CannotStart(string dotnet, Win32Exception e) =>
        new(Rules.DotnetNotStarted, $"'{dotnet}' cannot be started ({e.Message}); install the .NET SDK anew", inner: e);

    /// <summary>Strings are UTF-8 where there is an execv.</summary>
    [DllImport("libc", EntryPoint = "execv", SetLastError = true)]
    private static extern int Execute([MarshalAs(UnmanagedType.LPUTF8Str)] string path, [MarshalAs(UnmanagedType.LPArray, ArraySubType = UnmanagedType.LPStr)] string?[] arguments);
}
