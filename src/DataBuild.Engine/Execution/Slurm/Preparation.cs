using System.Globalization;
using System.Text;
using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Execution.Native;
using DataBuild.Engine.Ports;
using DataBuild.V1;

namespace DataBuild.Engine.Execution.Slurm;

/// <summary>
/// Writes down all that a run is, so that a shell on another machine makes of it what <see cref="RunStarter"/> would make of it here: the
/// same words, the same environment and no other variable.
/// </summary>
internal static class Preparation
{
    private const string DefaultPath = "/bin:/usr/bin";

    // A shell uses these itself; what it is passed of them goes round it.
    private static readonly string[] ShellsOwn = ["PATH", "PWD", "OLDPWD", "SHLVL", "_", "IFS", "ENV", "BASH_ENV", "PPID", "OPTIND", "PS1", "PS2", "PS4", "HOME", "UID", "EUID"];

    private static readonly UTF8Encoding Utf8 = new(false);

    /// <summary>Prepares the run's folder, unless an engine before has. False with the error if it can never start.</summary>
    /// <exception cref="IOException">The exchange folder cannot be written to.</exception>
    public static bool Do(RunRequest request, ExchangeFolder exchange, string logId, List<Diagnostic> diagnostics)
    {
        if (CommandCheck.Problem(request) is { } unusable)
        {
            diagnostics.Add(CommandProgram.Error(Rules.CommandUnusable, request, unusable));
            return false;
        }

        var files = exchange.Run(request.RunId);
        var draft = exchange.Draft();
        var environment = new JobEnvironment(JobEnvironment.OfThisProcess(), $"slurm:{logId}:{request.RunId}");
        var variables = environment.Variables(request, files.Partitions, files.Messages, diagnostics);
        var words = Words(request, variables);
        File.WriteAllText(draft.Partitions, string.Concat(request.Refs.Select(name => name + "\n")), Utf8);
        File.WriteAllText(draft.Command, string.Concat(words.Select(word => word + "\0")), Utf8);
        File.WriteAllText(draft.Vars, Vars(request, environment), Utf8);
        var secret = Secrets(request, variables);
        if (secret.Length > 0)
        {
            var mode = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                mode.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            using var file = new FileStream(draft.Secrets, mode);
            file.Write(Utf8.GetBytes(secret));
        }

        File.WriteAllText(draft.Start, Start(request, files, variables, words), Utf8);
        exchange.Place(draft, request.RunId);
        return true;
    }

    private static unsafe List<string> Words(RunRequest request, List<KeyValuePair<string, string>> variables)
    {
        using var sizes = new NativeStrings();
        foreach (var (name, value) in variables)
        {
            sizes.AddPair(name, value);
        }

        using var arguments = new NativeStrings();
        return ArgumentRoom.Write(arguments, request, sizes.Size) ? [.. request.Command, .. request.Refs] : [.. request.Command];
    }

    private static string Vars(RunRequest request, JobEnvironment environment)
    {
        // The payload's own clock is exact; the limit that Slurm is told is in minutes, and only there for a payload that hangs.
        var timeout = request.Timeout is { } limit ? Math.Max(0.001, limit.TotalSeconds).ToString("0.###", CultureInfo.InvariantCulture) : "";
        return $"""
            output={ShellText.Quote(request.OutputRoot)}
            directory={ShellText.Quote(request.WorkingDirectory)}
            program={ShellText.Quote(request.Command[0])}
            path={ShellText.Quote(environment.PathOf(request) ?? DefaultPath)}
            timeout={timeout}

            """;
    }

    private static string Start(RunRequest request, RunFiles files, List<KeyValuePair<string, string>> variables, List<string> words)
    {
        var script = new StringBuilder();
        script.Append("# A signal for the group reaches the run; this shell stays to tell how it ended.\ntrap : TERM INT HUP QUIT USR1 USR2\n");
        script.Append("cd ").Append(ShellText.Quote(request.WorkingDirectory)).Append(" || exit 1\nset --\n");
        var secrets = ShellText.Quote(files.Secrets);
        script.Append($"[ ! -f {secrets} ] || {{ . {secrets}; rm -f {secrets}; }}\n");
        // In a subshell, or a shell would write its words on a signal into the run's own stderr.
        script.Append("( exec /usr/bin/env -u PWD -u OLDPWD -u SHLVL -u _");
        var passed = request.PassEnvironment.ToHashSet(StringComparer.Ordinal);
        foreach (var (name, value) in variables.Where(variable => !JobEnvironment.IsProtocol(variable.Key) && !passed.Contains(variable.Key)))
        {
            Word(script, $"{name}={value}");
        }

        script.Append(" \\\n  \"$@\"");
        foreach (var (name, value) in variables.Where(variable => JobEnvironment.IsProtocol(variable.Key)))
        {
            Word(script, $"{name}={value}");
        }

        if (words[0].Contains('=', StringComparison.Ordinal))
        {
            // To env it would be one more variable.
            Word(script, "/usr/bin/nice");
            Word(script, "-n");
            Word(script, "0");
        }

        foreach (var word in words)
        {
            Word(script, word);
        }

        script.Append($" </dev/null >{ShellText.Quote(files.Output)} 2>{ShellText.Quote(files.Error)} )\n");
        var status = Path.Join(files.Folder, "status");
        script.Append($"echo $? >{ShellText.Quote(status + ".part")}\nmv {ShellText.Quote(status + ".part")} {ShellText.Quote(status)}\n");
        return script.ToString();
    }

    private static string Secrets(RunRequest request, List<KeyValuePair<string, string>> variables)
    {
        var passed = request.PassEnvironment.ToHashSet(StringComparer.Ordinal);
        var script = new StringBuilder();
        foreach (var (name, value) in variables.Where(variable => passed.Contains(variable.Key) && !JobEnvironment.IsProtocol(variable.Key)))
        {
            script.Append(ShellText.IsName(name) && Array.IndexOf(ShellsOwn, name) < 0
                ? $"export {name}={ShellText.Quote(value)}\n"
                : $"set -- \"$@\" {ShellText.Quote($"{name}={value}")}\n");
        }

        return script.ToString();
    }

    private static void Word(StringBuilder script, string word) => script.Append(" \\\n  ").Append(ShellText.Quote(word));
}
