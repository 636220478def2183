extern alias reader;

using DataBuild.V1;
using Microsoft.Build.Framework;
using ExtendedEvent = reader::Microsoft.Build.Framework.ExtendedBuildMessageEventArgs;

namespace DataBuild.Cli.Binlog;

/// <summary>
/// What the events of a log say of our projects. Runs are taken from here where the log lacks the files that are embedded at its
/// end; errors always, for MSBuild has them with their places, and those of other projects too.
/// </summary>
internal sealed class BinlogEvents
{
    private const string Extension = ".dbproj";
    private const int MostElsewhere = 100;

    private readonly Dictionary<string, List<RunReport>> runs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PlanReport> plans = new(StringComparer.Ordinal);
    private readonly Dictionary<string, BuildResult> results = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<Diagnostic>> said = new(StringComparer.Ordinal);
    private readonly HashSet<string> asked = new(StringComparer.Ordinal);
    private readonly HashSet<Diagnostic> seen = [];
    private readonly Dictionary<int, string> projectOf = [];

    /// <summary>Projects in which the engine was asked, or that were found to have errors before, in that order.</summary>
    public List<string> Projects { get; } = [];

    public List<Diagnostic> Elsewhere { get; } = [];

    public IReadOnlyList<RunReport> Runs(string project) => runs.GetValueOrDefault(project) ?? [];

    /// <summary>Without its verdicts.</summary>
    public PlanReport? Plan(string project) => plans.GetValueOrDefault(project);

    public BuildResult? Result(string project) => results.GetValueOrDefault(project);

    public IReadOnlyList<Diagnostic> Diagnostics(string project) => said.GetValueOrDefault(project) ?? [];

    public void On(BuildEventArgs raised)
    {
        switch (raised)
        {
            case ProjectStartedEventArgs { ProjectFile: { } file, BuildEventContext: { } context }:
                projectOf[context.ProjectContextId] = file;
                break;
            case TaskStartedEventArgs { TaskName: "DataBuild.Tasks.RunEngine" or "RunEngine" or "DataBuild.Tasks.CompileGraph" or "CompileGraph" } task:
                Found(ProjectOf(task, task.ProjectFile));
                break;
            case BuildErrorEventArgs error:
                Say(ProjectOf(error, error.ProjectFile), new Diagnostic
                {
                    Severity = Severity.Error, Code = error.Code ?? "", Text = error.Message ?? "", File = error.File ?? "", Line = error.LineNumber, Column = error.ColumnNumber,
                });
                break;
            case BuildWarningEventArgs warning:
                Say(ProjectOf(warning, warning.ProjectFile), new Diagnostic
                {
                    Severity = Severity.Warning, Code = warning.Code ?? "", Text = warning.Message ?? "", File = warning.File ?? "", Line = warning.LineNumber, Column = warning.ColumnNumber,
                });
                break;
            case ExtendedEvent { ExtendedType: { } type, ExtendedData: { } data } told when type.StartsWith("databuild.", StringComparison.Ordinal):
                Told(type, told.ExtendedMetadata is { } facts && facts.TryGetValue("project", out string? project) ? project ?? "" : "", data);
                break;
        }
    }

    private void Told(string type, string project, string data)
    {
        Found(project);
        switch (type)
        {
            case "databuild.run":
                if (!runs.TryGetValue(project, out var list))
                {
                    runs.Add(project, list = []);
                }

                list.Add(Tolerant.Parse<RunReport>(data));
                break;
            case "databuild.plan":
                plans[project] = Tolerant.Parse<PlanReport>(data);
                break;
            case "databuild.result":
                results[project] = Tolerant.Parse<BuildResult>(data);
                break;
        }
    }

    private void Say(string project, Diagnostic diagnostic)
    {
        if (!seen.Add(diagnostic))
        {
            return;
        }

        if (!project.EndsWith(Extension, StringComparison.OrdinalIgnoreCase))
        {
            if (Elsewhere.Count < MostElsewhere)
            {
                Elsewhere.Add(diagnostic);
            }

            return;
        }

        if (!said.TryGetValue(project, out var list))
        {
            said.Add(project, list = []);
        }

        list.Add(diagnostic);
    }

    private void Found(string project)
    {
        if (project.Length > 0 && asked.Add(project))
        {
            Projects.Add(project);
        }
    }

    private string ProjectOf(BuildEventArgs raised, string? named) =>
        raised.BuildEventContext is { } context && projectOf.TryGetValue(context.ProjectContextId, out string? file) ? file : named ?? "";
}
