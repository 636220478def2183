using DataBuild.Engine.Diagnostics;
using DataBuild.Tasks.Positions;
using DataBuild.V1;
using Google.Protobuf;
using Microsoft.Build.Framework;
using Task = Microsoft.Build.Utilities.Task;

namespace DataBuild.Tasks;

/// <summary>
/// Makes a folder that runs the same graph elsewhere: the graph, the jobs' programs below jobs/, the files that jobs name as their
/// Sources, and the engine below engine/. Data, log and sources of data stay where they are.
/// </summary>
public sealed class PublishGraph : Task
{
    private readonly Dictionary<string, string> _published = new(StringComparer.Ordinal);

    [Required]
    public string Request { get; set; } = "";

    [Required]
    public string EnginePath { get; set; } = "";

    [Required]
    public string Folder { get; set; } = "";

    public string HelpRoot { get; set; } = "";

    public override bool Execute()
    {
        var request = EngineRequest.Parser.ParseFrom(File.ReadAllBytes(Request));
        var paths = new ProjectPaths(request.ProjectFile);
        try
        {
            Directory.CreateDirectory(Folder);
            CopyFolder(Path.GetDirectoryName(EnginePath)!, Path.Combine(Folder, "engine"), "engine");
            foreach (var job in request.Graph.Jobs)
            {
                PublishProgram(job, paths);
                PublishSources(job, paths);
            }

            var formatter = new JsonFormatter(JsonFormatter.Settings.Default.WithIndentation());
            File.WriteAllText(Path.Combine(Folder, "graph.json"), formatter.Format(request.Graph) + "\n");
        }
        catch (DataBuildException exception)
        {
            var positions = new OriginPositions(request.ProjectFile, () => GlobalProperties.Of(BuildEngine), () => GraphOrigins.Of(request.Graph));
            new DiagnosticLogger(Log, positions, HelpRoot).Log(exception.ToDiagnostic());
        }

        return !Log.HasLoggedErrors;
    }

    /// <summary>Programs of one project are published once, wherever their jobs are.</summary>
    private void PublishProgram(JobDefinition job, ProjectPaths paths)
    {
        if (job.Program.Length == 0)
        {
            return;
        }

        var program = paths.Full(job.Program);
        var source = Path.GetDirectoryName(program)!;
        if (!_published.TryGetValue(source, out var name))
        {
            name = NewName(Path.GetFileNameWithoutExtension(program));
            _published[source] = name;
            CopyFolder(source, Path.Combine(Folder, "jobs", name), $"job '{job.Label}'");
        }

        var files = job.ProgramFiles
            .Select(file => "jobs/" + name + "/" + paths.Full(file).Substring(source.Length + 1).Replace('\\', '/'))
            .ToList();
        job.ProgramFiles.Clear();
        job.ProgramFiles.AddRange(files);
        job.Program = "jobs/" + name + "/" + Path.GetFileName(program);
    }

    /// <summary>Programs of different projects may have one name.</summary>
    private string NewName(string program)
    {
        var name = program;
        for (var number = 2; _published.ContainsValue(name); number++)
        {
            name = program + "-" + number.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        return name;
    }

    private void PublishSources(JobDefinition job, ProjectPaths paths)
    {
        foreach (var source in job.Sources)
        {
            var from = paths.Full(source);
            if (!File.Exists(from) || source.StartsWith("../", StringComparison.Ordinal))
            {
                throw new DataBuildException(Rules.PublishedJobMissing,
                    $"source '{source}' of job '{job.Label}' is not a file in the project's folder, so that a published graph could not find it; move it there or remove it from Sources",
                    job.Origin);
            }

            var to = Path.Combine(Folder, source);
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(from, to, overwrite: true);
        }
    }

    private static void CopyFolder(string from, string to, string what)
    {
        if (!Directory.Exists(from))
        {
            throw new DataBuildException(Rules.PublishedJobMissing, $"the folder '{from}' of {what} does not exist; build the project and publish again");
        }

        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, file.Substring(from.Length + 1));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target, overwrite: true);
        }
    }
}
