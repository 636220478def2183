using System.Diagnostics;

namespace DataBuild.Slurm.Tests;

/// <summary>
/// A Slurm cluster of two nodes on this machine, of Debian's packages, in a folder of its own and for this process alone. Made by the
/// script that the documentation tells users to use.
/// </summary>
public sealed class PrivateCluster : IDisposable
{
    private static readonly string Script = Path.Combine(Repository.Root, "samples", "flights", "slurm-cluster.sh");

    public PrivateCluster()
    {
        Folder = Directory.CreateTempSubdirectory("databuild-slurm-").FullName;
        if (Missing is null)
        {
            Environment.SetEnvironmentVariable("SLURM_CONF", Path.Combine(Folder, "slurm.conf"));
            Start();
        }
    }

    /// <summary>Why there can be none here; null if there can.</summary>
    public static string? Missing { get; } = WhyMissing();

    public string Folder { get; }

    /// <summary>Starts what of it does not run.</summary>
    public void Start()
    {
        // A node that is silent for 2 s is down: what a test of a lost node waits for.
        var (code, output) = Run("/bin/bash", [Script, "start", Folder, "2", "4"], ("SLURM_NODE_TIMEOUT", "2"), ("SLURM_MESSAGE_TIMEOUT", "2"));
        if (code != 0)
        {
            throw new InvalidOperationException($"the cluster did not start: {output}");
        }
    }

    /// <summary>The process id of one of its daemons: <c>slurmctld</c>, <c>slurmd-n1</c>.</summary>
    public int Pid(string daemon) => int.Parse(File.ReadAllText(Path.Combine(Folder, "run", daemon + ".pid")), System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Ends a daemon as a crash does, and waits until it is gone.</summary>
    public void Kill(string daemon)
    {
        var pid = Pid(daemon);
        Signal(pid, "KILL");
        while (DataBuild.Engine.Tests.Execution.Probe.IsAlive(pid))
        {
            Thread.Yield();
        }
    }

    public static void Signal(int pid, string signal) => Run("/bin/kill", ["-" + signal, pid.ToString(System.Globalization.CultureInfo.InvariantCulture)]);

    /// <summary>A command of Slurm's, and what it printed.</summary>
    public static string Ask(string tool, params string[] arguments) => Run(tool, arguments).Output.Trim();

    public void Dispose()
    {
        if (Missing is null)
        {
            Run("/bin/bash", [Script, "stop", Folder]);
        }

        Directory.Delete(Folder, recursive: true);
    }

    public static (int Code, string Output) Run(string program, IEnumerable<string> arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + error.Result);
    }

    private static string? WhyMissing()
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "") + ":/usr/sbin";
        var missing = new[] { "munged", "slurmctld", "slurmd", "sbatch", "squeue" }.Where(tool => !path.Split(':').Any(folder => File.Exists(Path.Combine(folder, tool)))).ToList();
        return missing.Count == 0 ? null : $"not installed: {string.Join(", ", missing)} (apt-get install slurmctld slurmd slurm-client munge)";
    }
}
