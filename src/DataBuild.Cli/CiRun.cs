using DataBuild.Engine.Diagnostics;
using DataBuild.Tasks.Ci;
using DataBuild.V1;

namespace DataBuild.Cli;

/// <summary>The CI system that the tool runs in, told by the variables that it sets. What it reads goes to stderr: stdout may be JSON.</summary>
internal sealed class CiRun
{
    public const string Property = "DataBuildCiAnnotations";

    private readonly CiSystem system;

    private CiRun(CiSystem system, string projectFile)
    {
        this.system = system;
        Ask = $"databuild --project {system.Shown(projectFile)}";
        Annotations = new CiAnnotations(system, projectFile, inMSBuild: false, [], Console.Error.WriteLine);
        MSBuilds = new CiAnnotations(system, projectFile, inMSBuild: true, [], Console.Error.WriteLine);
    }

    public CiAnnotations Annotations { get; }

    /// <summary>For what MSBuild has printed: the system may have made annotations of that itself.</summary>
    public CiAnnotations MSBuilds { get; }

    /// <summary>The command that asks about a project's partitions, without a verb.</summary>
    public string Ask { get; }

    /// <summary>Null where it is none, or none that should be told.</summary>
    /// <param name="projectFile">Full path of the project.</param>
    /// <param name="property">Value of DataBuildCiAnnotations; empty where nobody set it.</param>
    public static CiRun? Of(string projectFile, string property)
    {
        string name = "true".Equals(Variable("GITHUB_ACTIONS"), StringComparison.OrdinalIgnoreCase) ? "github"
            : "true".Equals(Variable("TF_BUILD"), StringComparison.OrdinalIgnoreCase) ? "azure"
            : "";
        bool isGitHub = name == "github";
        string summary = isGitHub ? Variable("GITHUB_STEP_SUMMARY")
            : Variable("AGENT_TEMPDIRECTORY") is { Length: > 0 } folder ? folder
            : Path.Combine(Path.GetDirectoryName(projectFile)!, "obj", "databuild");
        return !property.Equals("false", StringComparison.OrdinalIgnoreCase)
            && CiSystem.Named(name, Variable(isGitHub ? "GITHUB_WORKSPACE" : "BUILD_SOURCESDIRECTORY"), summary) is { } system ? new CiRun(system, projectFile) : null;
    }

    public string Shown(string file) => system.Shown(file);

    /// <summary>Hands a page to the system. That it could not is a warning: nothing else depends on it.</summary>
    public void Summarise(string page, Action<Diagnostic> warn)
    {
        try
        {
            if (system.Summarise(page) is { } line)
            {
                Console.Error.WriteLine(line);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            warn(Rules.SummaryNotWritten.At($"the summary for the CI system could not be written: {failure.Message.TrimEnd('.')}; make its place writable, or set {Property} to false"));
        }

        Annotations.End();
    }

    private static string Variable(string name) => Environment.GetEnvironmentVariable(name) ?? "";
}
