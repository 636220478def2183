using System.Globalization;
using DataBuild.Engine.Graph;
using DataBuild.Engine.Ports;

namespace DataBuild.Engine.Execution.Slurm;

/// <summary>What sbatch is called with. A batch's options first, then what the project adds; what would make a batch another thing is refused.</summary>
internal static class SbatchArguments
{
    // Slurm's limit is there for a payload that hangs: the payload itself must have ended the run before.
    private static readonly TimeSpan Reserve = TimeSpan.FromSeconds(30);

    private static readonly string[] Reserved =
    [
        "--array", "--job-name", "--comment", "--requeue", "--no-requeue", "--export", "--export-file", "--output", "--error", "--input", "--open-mode",
        "--parsable", "--wrap", "--wait", "--test-only", "--chdir", "--help", "--usage", "--version", "--get-user-env", "--quiet", "--verbose",
        "--uid", "--gid", "--cluster", "--clusters", "--batch", "--ignore-pbs",
    ];

    private const string ReservedLetters = "aJoeiWDhVQvM";

    /// <summary>The project's own arguments as words; null with what is wrong with them.</summary>
    public static List<string>? Words(string text, out string problem)
    {
        problem = "";
        List<string> words;
        try
        {
            words = CommandLine.Split(text, "SlurmArguments", out _);
        }
        catch (Diagnostics.DataBuildException unreadable)
        {
            problem = unreadable.Message;
            return null;
        }

        for (var index = 0; index < words.Count; index++)
        {
            if (Problem(words, index) is { } found)
            {
                problem = found;
                return null;
            }
        }

        return words;
    }

    public static List<string> Of(Manifest manifest, string jobName, RunResources resources, TimeSpan? timeout, TimeSpan grace, List<string> own)
    {
        List<string> arguments =
        [
            "--parsable", "--job-name=" + jobName, "--comment=" + manifest.BatchId, "--no-requeue", "--export=ALL", "--output=/dev/null",
            "--error=/dev/null", "--input=/dev/null", "--chdir=/",
        ];
        if (manifest.RunIds.Count > 1)
        {
            arguments.Add(string.Create(CultureInfo.InvariantCulture, $"--array=0-{manifest.RunIds.Count - 1}"));
        }

        if (resources.Cpus > 0)
        {
            arguments.Add(string.Create(CultureInfo.InvariantCulture, $"--cpus-per-task={resources.Cpus}"));
        }

        if (resources.MemoryBytes > 0)
        {
            arguments.Add(string.Create(CultureInfo.InvariantCulture, $"--mem={((resources.MemoryBytes - 1) >> 10) + 1}K"));
        }

        if (timeout is { } limit)
        {
            arguments.Add(string.Create(CultureInfo.InvariantCulture, $"--time={(long)Math.Ceiling((limit + grace + Reserve).TotalMinutes)}"));
        }

        if (resources.SlurmPartition.Length > 0)
        {
            arguments.Add("--partition=" + resources.SlurmPartition);
        }

        arguments.AddRange(own);
        return arguments;
    }

    private static string? Problem(List<string> words, int index)
    {
        var word = words[index];
        if (!word.StartsWith('-') || word == "-")
        {
            // The value of the option before it; elsewhere sbatch would take it for the script.
            return index > 0 && words[index - 1].StartsWith('-') && !words[index - 1].Contains('=', StringComparison.Ordinal)
                ? null
                : $"'{word}' is no option of sbatch";
        }

        if (word == "--")
        {
            return "'--' would end the options";
        }

        // sbatch takes each long option by its beginning too.
        var name = word.Split('=')[0];
        var taken = word.StartsWith("--", StringComparison.Ordinal)
            ? Array.Find(Reserved, reserved => reserved == name) ?? Array.Find(Reserved, reserved => name.Length > 4 && reserved.StartsWith(name, StringComparison.Ordinal))
            : word.Length > 1 && ReservedLetters.Contains(word[1], StringComparison.Ordinal) ? word[..2] : null;
        return taken is null ? null : $"it holds {name}, which is set for each batch or would change what a batch is";
    }
}
