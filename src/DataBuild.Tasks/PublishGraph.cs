using DataBuild.Engine.Diagnostics;
using DataBuild.Tasks.Authoring;
using DataBuild.Tasks.Positions;
using DataBuild.Tasks.Publishing;
using DataBuild.V1;
using Google.Protobuf;
using Microsoft.Build.Framework;
using Task = Microsoft.Build.Utilities.Task;

namespace DataBuild.Tasks;

/// <summary>
/// Makes a folder that runs the same graph elsewhere: the graph and the request, the jobs' programs below jobs/, the files that jobs
/// name as their Sources or in their commands, the engine below engine/ and a script that starts it. Data, log and sources of data
/// stay where they are.
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
        var request = GraphFiles.Read(Request);
        var paths = new ProjectPaths(request.ProjectFile);
        var published = new PublishedPaths(paths);
        try
        {
            Directory.CreateDirectory(Folder);
            CopyFolder(Path.GetDirectoryName(EnginePath)!, Path.Combine(Folder, "engine"), "engine");
            foreach (var job in request.Graph.Jobs)
            {
                PublishProgram(job, paths);
                PublishFiles(job, paths, published);
            }

            foreach (var source in request.Graph.Sources.Where(source => source.Origin.Project.Length > 0))
            {
                source.Path = published.Map(source.Path, Path.GetDirectoryName(source.Origin.Project)!.Replace('\\', '/'), source.Origin);
            }

            WriteRequest(request, paths);
            Launcher.Write(Folder, EnginePath);
        }
        catch (DataBuildException exception)
        {
            var positions = new OriginPositions(request.ProjectFile, () => GlobalProperties.Of(BuildEngine), () => GraphOrigins.Of(request.Graph));
            new DiagnosticLogger(Log, positions, HelpRoot).Log(exception.ToDiagnostic());
        }

        return !Log.HasLoggedErrors;
    }

    /// <summary>As text, with paths relative to the folder as far as they lie in that of the project; others stay as they are.</summary>
    private void WriteRequest(EngineRequest request, ProjectPaths paths)
    {
        var formatter = new JsonFormatter(JsonFormatter.Settings.Default.WithIndentation());
        File.WriteAllText(Path.Combine(Folder, "graph.json"), formatter.Format(request.Graph) + "\n");
        request.Graph = null;
        request.ProjectFile = Path.GetFileName(request.ProjectFile);
        request.DataRoot = Here(request.DataRoot, paths);
        request.StateDirectory = Here(request.StateDirectory, paths);
        request.Log = request.Log.Length == 0 ? "" : Here(request.Log, paths);
        request.PlanFile = request.StateDirectory + "/plan.json";
        request.ResultFile = request.StateDirectory + "/result.json";
        request.StartDirectory = "";
        File.WriteAllText(Path.Combine(Folder, "request.json"), formatter.Format(request) + "\n");
    }

    private static string Here(string path, ProjectPaths paths)
    {
        var relative = paths.Relative(path);
        return relative.StartsWith("..", StringComparison.Ordinal) ? path : relative;
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
            name = UniqueName.Among(_published.Values, Path.GetFileNameWithoutExtension(program));
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

    /// <summary>What the job's fingerprint is made of beside its program, and where it runs.</summary>
    private void PublishFiles(JobDefinition job, ProjectPaths paths, PublishedPaths published)
    {
        foreach (var source in job.Sources)
        {
            if (!File.Exists(paths.Full(source)) || !published.IsWithin(source, job.Folder))
            {
                throw new DataBuildException(Rules.PublishedJobMissing,
                    $"source '{source}' of job '{job.Label}' is not a file in the project's folder, so that a published graph could not find it; move it there or remove it from Sources",
                    job.Origin);
            }
        }

        foreach (var file in job.Sources.Concat(CommandFiles.Of(job, paths)).Distinct())
        {
            var to = Path.Combine(Folder, published.Map(file, job.Folder, job.Origin));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(paths.Full(file), to, overwrite: true);
        }

        var sources = job.Sources.Select(source => published.Map(source, job.Folder, job.Origin)).ToList();
        job.Sources.Clear();
        job.Sources.AddRange(sources);
        if (job.WorkingDirectory.Length > 0 || job.Folder.Length > 0)
        {
            job.WorkingDirectory = published.Map(job.WorkingDirectory, job.Folder, job.Origin);
            if (published.IsWithin(job.WorkingDirectory, ""))
            {
                Directory.CreateDirectory(Path.Combine(Folder, job.WorkingDirectory));
            }
        }

        job.Folder = published.Home(job.Folder, job.Origin.Project);
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
