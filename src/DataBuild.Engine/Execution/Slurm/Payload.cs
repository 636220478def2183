using System.Globalization;
using System.Text;

namespace DataBuild.Engine.Execution.Slurm;

/// <summary>The script that Slurm is given for a batch: some settings, and <c>Payload.sh</c>.</summary>
internal static class Payload
{
    /// <summary>Another copy has the run, or nobody wants it any more.</summary>
    public const int NotOurs = 75;

    /// <summary>The shared folder is not seen on the node.</summary>
    public const int NotShared = 76;

    /// <summary>The shared folder cannot be written to on the node.</summary>
    public const int NotWritable = 77;

    private static readonly string Body = Read();

    /// <summary>What the engine's own files are made with, and so those of its jobs.</summary>
    private static readonly string Mask = OwnMask();

    public static string Of(Manifest manifest, string root, SlurmOptions options)
    {
        var script = new StringBuilder("#!/bin/sh\n");
        Set(script, "root", root);
        Set(script, "batch", manifest.BatchId);
        Set(script, "nonce", manifest.Nonce);
        Set(script, "patience", options.SharePatience.ToString(CultureInfo.InvariantCulture));
        Set(script, "grace", options.Grace.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture));
        Set(script, "mask", Mask);
        return script.Append(Body).ToString();
    }

    private static void Set(StringBuilder script, string name, string value) =>
        script.Append(name).Append('=').Append(ShellText.Quote(value)).Append('\n');

    private static string Read()
    {
        using var stream = typeof(Payload).Assembly.GetManifestResourceStream("DataBuild.Engine.Execution.Slurm.Payload.sh")!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    private static string OwnMask()
    {
        var line = File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith("Umask:", StringComparison.Ordinal));
        return line is null ? "0022" : line["Umask:".Length..].Trim();
    }
}
