using System.Globalization;
using DataBuild.Engine.Diagnostics;
using DataBuild.V1;

namespace DataBuild.Engine.Graph;

/// <summary>
/// What a job asks of the machine that it is placed on. Checked whatever the executor: the same project runs on a laptop and on a cluster.
/// </summary>
internal static class JobResources
{
    private const int MostCpus = 10_000;

    /// <summary>Options of sbatch that the engine sets itself, or that would take a run out of its hands.</summary>
    private static readonly HashSet<string> Taken = new(
        [
            "--array", "-a", "--job-name", "-J", "--comment", "--parsable", "--wrap", "--output", "-o", "--error", "-e", "--input", "-i", "--chdir", "-D",
            "--requeue", "--no-requeue", "--wait", "-W", "--hold", "-H", "--test-only", "--export", "--export-file", "--dependency", "-d", "--partition", "-p",
            "--cpus-per-task", "-c", "--mem", "--time", "-t", "--signal", "--open-mode", "--help", "-h", "--usage", "--version", "-V", "--quiet", "-Q",
        ],
        StringComparer.Ordinal);

    public static int? Cpus(JobDefinition definition, CompilationErrors errors)
    {
        if (definition.Cpus.Length == 0)
        {
            return null;
        }

        if (int.TryParse(definition.Cpus, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= MostCpus)
        {
            return number;
        }

        errors.Add(Rules.BadResource, $"Cpus of job '{definition.Label}' is '{definition.Cpus}'; give a whole number from 1 to 10000", definition.Origin);
        return null;
    }

    public static long? Memory(JobDefinition definition, CompilationErrors errors)
    {
        if (definition.Memory.Length == 0)
        {
            return null;
        }

        if (ByteSize.TryParse(definition.Memory, out var bytes) && bytes > 0)
        {
            return bytes;
        }

        errors.Add(Rules.BadResource, $"Memory of job '{definition.Label}' is '{definition.Memory}', which is no size; {ByteSize.Hint}", definition.Origin);
        return null;
    }

    public static string Partition(JobDefinition definition, CompilationErrors errors)
    {
        if (definition.SlurmPartition.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or ','))
        {
            return definition.SlurmPartition;
        }

        errors.Add(
            Rules.BadSlurmPartition,
            $"SlurmPartition of job '{definition.Label}' is '{definition.SlurmPartition}'; give the name of a partition as `sinfo` lists it, or several with commas between them",
            definition.Origin);
        return "";
    }

    public static string Arguments(JobDefinition definition, CompilationErrors errors)
    {
        string? problem = null;
        if (!errors.Try(definition.Origin, () => problem = Problem(definition)))
        {
            return "";
        }

        if (problem is null)
        {
            return definition.SlurmArguments;
        }

        errors.Add(Rules.BadSlurmArguments, $"SlurmArguments of job '{definition.Label}' {problem}", definition.Origin);
        return "";
    }

    private static string? Problem(JobDefinition definition)
    {
        var words = CommandLine.Split(definition.SlurmArguments, "SlurmArguments", out _);
        foreach (var (word, i) in words.Select((word, i) => (word, i)))
        {
            if (word.AsSpan().ContainsAny('\0', '\n', '\r'))
            {
                return "holds a line end; write it in one line";
            }

            var name = word.StartsWith("--", StringComparison.Ordinal) ? word.Split('=')[0] : word.Length > 2 && word[0] == '-' ? word[..2] : word;
            if (Taken.Contains(name))
            {
                return $"holds {name}, which the engine sets itself; remove it (Cpus, Memory, Timeout and SlurmPartition have their own metadata)";
            }

            // The value of the option before it, or a script in place of ours.
            if (!word.StartsWith('-') && (i == 0 || !words[i - 1].StartsWith('-') || words[i - 1].Contains('=', StringComparison.Ordinal)))
            {
                return $"holds '{word}', which is no option; write options of sbatch, such as --account=research --qos=long";
            }
        }

        return null;
    }
}
