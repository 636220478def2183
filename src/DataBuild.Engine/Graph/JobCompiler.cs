using DataBuild.Engine.Diagnostics;
using DataBuild.V1;

namespace DataBuild.Engine.Graph;

/// <summary>Parses the metadata of jobs and reports what is wrong with it.</summary>
internal sealed class JobCompiler(IReadOnlyDictionary<string, int> pools, CompilationErrors errors)
{
    private const int MaxBatch = 100_000;
    private const int MaxConcurrent = 100_000;
    private const int MaxRetries = 1_000;
    private const int DefaultQuarantineAfter = 50;

    /// <summary>Stands for a job that is not declared, so that its partitions can be checked; there is an error, so it never leaves the compiler.</summary>
    public static Job Unknown(string label) =>
        new JobCompiler(new Dictionary<string, int>(), new CompilationErrors()).Compile(new JobDefinition { Label = IsLabel(label) ? label : "unknown" }, -1)!;

    private readonly Dictionary<string, string> _labels = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The job, with defaults in place of what is wrong; null where the label is unusable.</summary>
    public Job? Compile(JobDefinition definition, int index)
    {
        var origin = definition.Origin;
        if (!CheckLabel(definition.Label, origin))
        {
            return null;
        }

        return new Job
        {
            Index = index,
            Label = definition.Label,
            Definition = definition,
            Command = ReadCommand(definition),
            Environment = ReadEnvironment(definition),
            PassEnvironment = ReadPassEnvironment(definition),
            WorkingDirectory = definition.WorkingDirectory,
            BatchSize = errors.Number(definition.BatchSize, "BatchSize", 1, MaxBatch, origin) ?? 1,
            BatchBy = CompilationErrors.List(definition.BatchBy),
            MaxConcurrency = errors.Number(definition.MaxConcurrency, "MaxConcurrency", 1, MaxConcurrent, origin),
            Pools = ReadPools(definition),
            Timeout = errors.Duration(definition.Timeout, "Timeout", mayBeZero: false, origin),
            Retries = errors.Number(definition.Retries, "Retries", 0, MaxRetries, origin) ?? 0,
            RetryDelay = errors.Duration(definition.RetryDelay, "RetryDelay", mayBeZero: true, origin) ?? TimeSpan.FromSeconds(1),
            RetryExitCodes = ReadExitCodes(definition),
            QuarantineAfter = errors.Number(definition.QuarantineAfter, "QuarantineAfter", 0, MaxRetries, origin) ?? DefaultQuarantineAfter,
            OnStale = errors.Choice(
                definition.OnStale, "OnStale", [("rebuild", OnStale.Rebuild), ("warn", OnStale.Warn), ("ignore", OnStale.Ignore)], OnStale.Rebuild, origin),
            Executor = ReadExecutor(definition),
            Cpus = JobResources.Cpus(definition, errors),
            Memory = JobResources.Memory(definition, errors),
            SlurmPartition = JobResources.Partition(definition, errors),
            SlurmArguments = JobResources.Arguments(definition, errors),
        };
    }

    internal static bool IsLabel(string text)
    {
        if (text.Length == 0 || !(char.IsAsciiLetter(text[0]) || text[0] == '_'))
        {
            return false;
        }

        return text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');
    }

    private bool CheckLabel(string label, Origin? origin)
    {
        if (!IsLabel(label))
        {
            errors.Add(Rules.BadJobLabel, $"the job label '{label}' may hold only ASCII letters, digits, '_' and '-', beginning with a letter or '_'; rename the job", origin);
            return false;
        }

        if (SdkTargets.Contains(label))
        {
            errors.Add(Rules.ReservedJobLabel, $"the job label '{label}' is the name of a target of the SDK, and the job would be one too; rename the job", origin);
        }

        if (_labels.TryGetValue(label, out var other))
        {
            errors.Add(Rules.DuplicateJobLabel, $"the job label '{label}' is the same as '{other}', declared before (labels ignore case); rename one of the jobs", origin);
            return false;
        }

        _labels[label] = label;
        return true;
    }

    private List<string> ReadCommand(JobDefinition definition)
    {
        var origin = definition.Origin;
        List<string> command = [];
        if (definition.Command.Length > 0 && definition.Program.Length > 0)
        {
            errors.Add(Rules.JobWithTwoPrograms, $"the job '{definition.Label}' has both Project and Command; remove one", origin);
        }
        else if (definition.Program.Length > 0)
        {
            command = definition.Program.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) ? ["dotnet", definition.Program] : [definition.Program];
        }
        else if (definition.Command.Length > 0)
        {
            var words = Words(definition, definition.Command, "Command");
            command = words ?? [];
            if (words is [] or ["", ..])
            {
                errors.Add(Rules.BadQuoting, $"Command '{definition.Command}' of job '{definition.Label}' names no program", origin);
            }
        }
        else
        {
            errors.Add(Rules.JobWithoutProgram, $"the job '{definition.Label}' has neither Project nor Command; give it one", origin);
        }

        command.AddRange(Words(definition, definition.Arguments, "Arguments") ?? []);
        return command;
    }

    /// <summary>Null where the quoting is wrong.</summary>
    private List<string>? Words(JobDefinition definition, string text, string name)
    {
        List<string>? words = null;
        errors.Try(definition.Origin, () =>
        {
            words = CommandLine.Split(text, name, out var shellOperator);
            if (shellOperator is not null)
            {
                errors.Add(
                    Rules.ShellOperator,
                    $"{name} of job '{definition.Label}' holds '{shellOperator}', but no shell is involved and the program gets it as an argument; use a script, or quote it if that is meant",
                    definition.Origin);
            }
        });
        return words;
    }

    private List<KeyValuePair<string, string>> ReadEnvironment(JobDefinition definition)
    {
        List<KeyValuePair<string, string>> variables = [];
        foreach (var entry in definition.Environment.Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            // The value may begin and end with spaces; only the name is trimmed.
            var equals = entry.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0)
            {
                if (entry.Trim().Length > 0)
                {
                    errors.Add(Rules.BadEnvironment, $"Environment of job '{definition.Label}' holds '{entry.Trim()}' without '='; write A=1;B=2", definition.Origin);
                }

                continue;
            }

            var name = entry[..equals].Trim();
            if (CheckVariable(definition, "Environment", name, variables.Select(variable => variable.Key)))
            {
                variables.Add(new(name, entry[(equals + 1)..]));
            }
        }

        return variables;
    }

    private List<string> ReadPassEnvironment(JobDefinition definition)
    {
        var set = ReadNames(definition.Environment);
        List<string> names = [];
        foreach (var name in CompilationErrors.List(definition.PassEnvironment))
        {
            if (CheckVariable(definition, "PassEnvironment", name, names.Concat(set)))
            {
                names.Add(name);
            }
        }

        return names;
    }

    private static List<string> ReadNames(string environment) => [.. CompilationErrors.List(environment).Select(entry => entry.Split('=')[0].Trim())];

    private bool CheckVariable(JobDefinition definition, string metadata, string name, IEnumerable<string> others)
    {
        var problem =
            !PatternParser.IsName(name) ? "is no name of letters, digits and '_'"
            : name.StartsWith("DATABUILD_", StringComparison.OrdinalIgnoreCase) ? "is set by the engine"
            : others.Contains(name, StringComparer.Ordinal) ? "is set twice"
            : null;
        if (problem is not null)
        {
            errors.Add(Rules.BadEnvironment, $"{metadata} of job '{definition.Label}': '{name}' {problem}; correct or remove it", definition.Origin);
        }

        return problem is null;
    }

    private Dictionary<string, int> ReadPools(JobDefinition definition)
    {
        var slots = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var entry in CompilationErrors.List(definition.Pools))
        {
            var colon = entry.IndexOf(':', StringComparison.Ordinal);
            var name = (colon < 0 ? entry : entry[..colon]).Trim();
            var number = colon < 0 ? 1 : errors.Number(entry[(colon + 1)..].Trim(), $"Pools, slots of '{name}',", 1, int.MaxValue, definition.Origin);
            if (!pools.TryGetValue(name, out var size))
            {
                var hint = EditDistance.Nearest(name, pools.Keys) is { } nearest ? $"did you mean '{nearest}'?" : $"declare <Pool Include=\"{name}\" Slots=\"1\" />";
                errors.Add(Rules.UnknownPool, $"the job '{definition.Label}' takes slots of the pool '{name}', which is not declared; {hint}", definition.Origin);
            }
            else if (number > size)
            {
                errors.Add(Rules.BadPool, $"the job '{definition.Label}' takes {number} slots of the pool '{name}', which has {size}, so it could never run; take fewer", definition.Origin);
            }
            else if (!slots.TryAdd(name, number ?? 1))
            {
                errors.Add(Rules.BadPool, $"Pools of job '{definition.Label}' names '{name}' twice; name it once with all its slots", definition.Origin);
            }
        }

        return slots;
    }

    private HashSet<int>? ReadExitCodes(JobDefinition definition)
    {
        var entries = CompilationErrors.List(definition.RetryExitCodes);
        return entries.Length == 0
            ? null
            : [.. entries.Select(entry => errors.Number(entry, "RetryExitCodes", 1, 255, definition.Origin)).OfType<int>()];
    }

    private string ReadExecutor(JobDefinition definition)
    {
        var name = definition.Executor.Length == 0 ? ExecutorNames.Local : definition.Executor;
        if (ExecutorNames.IsKnown(name))
        {
            return name;
        }

        errors.Add(Rules.UnknownExecutor, $"the job '{definition.Label}' asks for the executor '{name}', which does not exist; write '{ExecutorNames.Local}' or '{ExecutorNames.Slurm}', on the job or as -p:DataBuildExecutor=...", definition.Origin);
        return ExecutorNames.Local;
    }
}
