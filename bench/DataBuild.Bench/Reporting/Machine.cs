using System.Globalization;
using System.Runtime.InteropServices;

namespace DataBuild.Bench.Reporting;

/// <summary>What the figures depend on, as this machine says it.</summary>
internal static class Machine
{
    public static IEnumerable<(string Name, string Value)> Facts(string workFolder)
    {
        yield return ("processors", $"{Environment.ProcessorCount}{(Model() is { } model ? $", {model}" : "")}");
        yield return ("memory", $"{GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1L << 30)} GiB");
        yield return ("system", $"{RuntimeInformation.OSDescription}, {RuntimeInformation.OSArchitecture}");
        yield return ("file system of the rounds", FileSystemOf(workFolder));
        yield return (".NET", Environment.Version.ToString());
        foreach (string peer in (string[])["ninja", "make", "snakemake"])
        {
            yield return (peer, Native.Version(peer) ?? "not installed");
        }
    }

    private static string? Model() =>
        File.Exists("/proc/cpuinfo")
            ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim()
            : null;

    /// <summary>The type of the longest mount point that the folder lies below.</summary>
    private static string FileSystemOf(string folder)
    {
        string full = Path.GetFullPath(folder);
        return File.Exists("/proc/mounts")
            ? File.ReadLines("/proc/mounts")
                .Select(line => line.Split(' '))
                .Where(fields => fields.Length > 2 && (full == fields[1] || full.StartsWith(fields[1].TrimEnd('/') + "/", StringComparison.Ordinal)))
                .MaxBy(fields => fields[1].Length)?[2].ToLower(CultureInfo.InvariantCulture) ?? "unknown"
            : "unknown";
    }
}
