using DataBuild.Engine.Diagnostics;
using DataBuild.Tasks.Positions;
using DataBuild.V1;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace DataBuild.Tasks.Ci;

/// <summary>What a task tells the CI system that the build runs in, by messages on MSBuild's log and a summary.</summary>
internal sealed class CiReport
{
    private readonly CiSystem _system;
    private readonly string _project;
    private readonly Action<string> _say;

    private CiReport(CiSystem system, bool annotates, string silent, string project, TaskLoggingHelper log)
    {
        _system = system;
        _project = project;
        _say = line => log.LogMessage(MessageImportance.High, "{0}", line);
        Annotations = annotates ? new CiAnnotations(system, project, inMSBuild: true, silent.Split(';', ',').Select(code => code.Trim()), _say) : null;
    }

    public CiAnnotations? Annotations { get; }

    /// <param name="settings">In the metadata Ci, CiAnnotations, CiWorkspace, CiSummary and CiSilent; null where nothing is to be told.</param>
    /// <param name="project">Full path of the project.</param>
    /// <param name="log">The task's.</param>
    public static CiReport? Of(ITaskItem? settings, string project, TaskLoggingHelper log)
    {
        if (settings is null || CiSystem.Named(settings.GetMetadata("Ci"), settings.GetMetadata("CiWorkspace"), settings.GetMetadata("CiSummary")) is not { } system)
        {
            return null;
        }

        return new CiReport(system, settings.GetMetadata("CiAnnotations") != "false", settings.GetMetadata("CiSilent"), project, log);
    }

    /// <summary>The summary, and how many annotations were left out.</summary>
    /// <param name="name">The project's name.</param>
    /// <param name="result">How it ended.</param>
    /// <param name="place">Where a diagnostic is.</param>
    /// <param name="warn">Told if the summary cannot be written.</param>
    public void End(string name, BuildResult result, Func<Diagnostic, Place> place, Action<Diagnostic> warn)
    {
        try
        {
            var page = BuildPage.Of(name, result, diagnostic => Shown(place(diagnostic)), $"dotnet run --project {_system.Shown(_project)} --");
            if (_system.Summarise(page) is { } line)
            {
                _say(line);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            warn(Rules.SummaryNotWritten.At($"the summary for the CI system could not be written: {failure.Message.TrimEnd('.')}; make its place writable, or set DataBuildCiAnnotations to false"));
        }

        Annotations?.End();
    }

    private Place Shown(Place place) => place with { File = _system.Shown(place.File) };
}
