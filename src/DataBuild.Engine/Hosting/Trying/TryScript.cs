using System.Text;
using System.Text.RegularExpressions;
using DataBuild.Engine.Execution;
using DataBuild.Engine.Graph;
using DataBuild.V1;

namespace DataBuild.Engine.Hosting.Trying;

/// <summary>The command line and environment of a job for one ref, as text that bash takes as it is.</summary>
internal static partial class TryScript
{
    /// <summary>Stands for the scratch folder until bash makes one. Nothing else begins like this.</summary>
    private const string Open = "/\u0001scratch";

    private const string Variable = "$scratch";

    public static TryCommand Of(Rehearsal rehearsal, Job job, string @ref, IEnumerable<InputProblem> notLive)
    {
        var intent = rehearsal.Intend(job, [@ref]);
        var run = RehearsedRuns.Request(rehearsal, job, intent, Open);
        string sources = SourceFiles.Text(intent, rehearsal.Graph, rehearsal.Workspace.ProjectFolder);
        run = run with { SourcesFile = sources.Length > 0 ? $"{Open}/sources.json" : "" };
        var environment = new JobEnvironment(JobEnvironment.OfThisProcess(), $"try:{intent.RunId}").Variables(run, $"{Open}/refs", $"{Open}/messages", []);
        var passed = run.PassEnvironment.Where(name => !JobEnvironment.IsProtocol(name)).Distinct(StringComparer.Ordinal).ToList();
        var answer = new TryCommand { Ref = @ref, Job = job.Label, WorkingDirectory = run.WorkingDirectory };
        answer.CommandLine.AddRange([.. run.Command, .. run.Refs]);
        answer.NotLive.AddRange(notLive);
        answer.Environment.AddRange(environment
            .Where(variable => !passed.Contains(variable.Key))
            .Select(variable => new TryVariable { Name = variable.Key, Value = variable.Value.Replace(Open, Variable, StringComparison.Ordinal) }));
        answer.Environment.AddRange(passed.Select(name => new TryVariable { Name = name, Passed = true }));

        var script = new StringBuilder("(\n");
        script.Append("  scratch=$(mktemp -d) || exit; echo \"scratch folder: $scratch\" >&2\n");
        foreach (string folder in Scratch.FoldersOf([@ref]).Prepend(""))
        {
            script.Append("  mkdir -p ").Append(Word($"{Open}/out/{folder}".TrimEnd('/'))).Append('\n');
        }

        script.Append("  printf '%s\\n' ").Append(Word(@ref)).Append(" > \"$scratch\"/refs\n");
        if (sources.Length > 0)
        {
            script.Append("  printf '%s' ").Append(Word(sources)).Append(" > \"$scratch\"/sources.json\n");
        }

        script.Append("  cd ").Append(Word(run.WorkingDirectory)).Append(" || exit\n  exec env -i");
        foreach (var (name, value) in environment.Where(variable => !passed.Contains(variable.Key)))
        {
            script.Append(" \\\n    ").Append(Word(name)).Append('=').Append(Word(value));
        }

        foreach (string name in passed)
        {
            // Left out where it is not set, as a build leaves it out.
            script.Append(" \\\n    ").Append(Name().IsMatch(name) ? $"${{{name}+\"{name}=${name}\"}}" : $"{Word(name)}=\"$(printenv {Word(name)})\"");
        }

        script.Append(" \\\n    ").AppendJoin(' ', answer.CommandLine.Select(Word)).Append("\n)\n");
        answer.Script = script.ToString();
        return answer;
    }

    /// <summary>One word of bash. Only what means nothing to it stays bare.</summary>
    private static string Word(string text)
    {
        var parts = text.Split(Open);
        var word = new StringBuilder();
        for (int i = 0; i < parts.Length; i++)
        {
            word.Append(i > 0 ? "\"$scratch\"" : "");
            if (parts[i].Length > 0 || parts.Length == 1)
            {
                word.Append(Plain().IsMatch(parts[i]) ? parts[i] : $"'{parts[i].Replace("'", "'\\''", StringComparison.Ordinal)}'");
            }
        }

        return word.ToString();
    }

    [GeneratedRegex(@"\A[A-Za-z0-9_@%+:,./-]+\z")]
    private static partial Regex Plain();

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_]*\z")]
    private static partial Regex Name();
}
