using DataBuild.Tasks.Authoring;
using DataBuild.Tasks.Ci;
using DataBuild.Tasks.Engine;
using DataBuild.Tasks.Positions;
using DataBuild.V1;
using Microsoft.Build.Framework;
using Task = Microsoft.Build.Utilities.Task;

namespace DataBuild.Tasks;

/// <summary>
/// Turns a project's items into the document that the engine compiles, and reports what only the project as written shows. Writes
/// the whole request, so that the engine can be run on it without MSBuild.
/// </summary>
public sealed class CompileGraph : Task
{
    [Required]
    public string ProjectFile { get; set; } = "";

    [Required]
    public string ProjectName { get; set; } = "";

#pragma warning disable CA1819 // MSBuild hands lists over as arrays.
    public ITaskItem[] Jobs { get; set; } = [];

    public ITaskItem[] Partitions { get; set; } = [];

    public ITaskItem[] Sources { get; set; } = [];

    public ITaskItem[] Wants { get; set; } = [];

    public ITaskItem[] Pools { get; set; } = [];

    /// <summary>Outputs of the projects that jobs name.</summary>
    public ITaskItem[] JobPrograms { get; set; } = [];

    /// <summary>Requests that compiling the referenced projects has left.</summary>
    public ITaskItem[] References { get; set; } = [];

    /// <summary>Files that the project may import, beside those that it names itself.</summary>
    public string[] Imports { get; set; } = [];
#pragma warning restore CA1819

    public string TimeZone { get; set; } = "";

    [Required]
    public string DataRoot { get; set; } = "";

    [Required]
    public string StateDirectory { get; set; } = "";

    public string LogFile { get; set; } = "";

    /// <summary>The environment that is built, empty for the one without a name.</summary>
    public string EnvironmentName { get; set; } = "";

    public string Mode { get; set; } = "";

    public string Parallelism { get; set; } = "";

    public string MaxRebuilds { get; set; } = "";

    public string MaxWait { get; set; } = "";

    public string SlurmMaxJobs { get; set; } = "";

    public string SlurmInterval { get; set; } = "";

    public string SlurmArraySize { get; set; } = "";

    public string UnknownTimeout { get; set; } = "";

    /// <summary>As written: true or false.</summary>
    public string ExpectUpToDate { get; set; } = "";

    public string CancelTimeout { get; set; } = "";

    public string MirrorLimit { get; set; } = "";

    /// <summary>Sets to build instead of the project's wants, ";"-separated.</summary>
    public string WantedSets { get; set; } = "";

    /// <summary>The folder that the build was started in.</summary>
    public string StartDirectory { get; set; } = "";

    [Required]
    public string PlanFile { get; set; } = "";

    [Required]
    public string ResultFile { get; set; } = "";

    /// <summary>Where the request is written: an EngineRequest, without mode and jobs.</summary>
    [Required]
    public string RequestFile { get; set; } = "";

    /// <summary>Where the graph is written, as protobuf JSON.</summary>
    [Required]
    public string GraphFile { get; set; } = "";

    /// <summary>The file that declares the items' metadata.</summary>
    [Required]
    public string Declarations { get; set; } = "";

    /// <summary>The file with the names of the SDK's targets.</summary>
    [Required]
    public string ReservedNamesFile { get; set; } = "";

    public string HelpRoot { get; set; } = "";

    /// <summary>As written: true or false.</summary>
    public string CiAnnotations { get; set; } = "";

    /// <summary>The CI system to tell, as metadata; none where there is none.</summary>
    public ITaskItem? CiSettings { get; set; }

    /// <summary>A row a declaration.</summary>
    [Output]
    public ITaskItem[] Rows { get; private set; } = [];

    public override bool Execute()
    {
        var paths = new ProjectPaths(ProjectFile);
        var document = new GraphDocument();
        var positions = new OriginPositions(ProjectFile, () => GlobalProperties.Of(BuildEngine), () => GraphOrigins.Of(document));
        var report = new AuthoringReport();
        var items = new GraphItems(Jobs, Partitions, Sources, Wants, Pools);

        // A result of an earlier build must not pass for this one's, however this one ends.
        Directory.CreateDirectory(Path.GetDirectoryName(RequestFile)!);
        File.Delete(PlanFile);
        File.Delete(ResultFile);

        var files = ProjectXml.Load(ProjectFile, Imports.Concat(DefiningFiles(items)));
        new RawXmlChecks(Jobs, name => positions.Evaluated?.HasProperty(name) ?? true, report).Check(files);

        new BlankIncludes(items, name => positions.Evaluated?.HasProperty(name) ?? true, report).Check(files);

        document = new GraphDocumentBuilder(paths, new JobPrograms(paths, JobPrograms), report).Build(ProjectName, TimeZone, items);
        new DeclaredMetadata(Declarations).Check(items, (type, index) => OriginOf(document, type, index), report);
        JobLabels.Check(document.Jobs, ReservedNamesFile, files, report);
        new ReferencedGraphs(paths, document, report).TakeIn(References.Select(reference => GraphFiles.Read(reference.ItemSpec)));

        var request = new RequestProperties(report).Read(this);
        request.Graph = document;
        request.ProjectFile = ProjectFile;
        request.DataRoot = paths.FullFolder(DataRoot);
        request.StateDirectory = paths.FullFolder(StateDirectory);
        request.Log = LogFile.Length == 0 ? "" : paths.Full(LogFile);
        request.Environment = EnvironmentName;
        request.StartDirectory = StartDirectory;
        request.PlanFile = PlanFile;
        request.ResultFile = ResultFile;

        var ci = CiReport.Of(CiSettings, ProjectFile, Log);
        var logger = new DiagnosticLogger(Log, positions, HelpRoot, ci?.Annotations, DiagnosticLogger.Asked(BuildEngine));
        foreach (var diagnostic in report.Diagnostics)
        {
            logger.Log(diagnostic);
        }

        if (report.HasErrors)
        {
            var result = ResultFiles.WriteInvalid(ResultFile, report.Diagnostics);
            ci?.End(ProjectName, result, positions.Of, logger.Log);
            return false;
        }

        ci?.Annotations?.End();

        GraphFiles.Write(request, RequestFile, GraphFile);
        Rows = GraphRows.Of(document);
        return !Log.HasLoggedErrors;
    }

    private static IEnumerable<string> DefiningFiles(GraphItems items) =>
        items.ByType.SelectMany(pair => pair.Items).Select(item => item.GetMetadata("DefiningProjectFullPath")).Where(file => file.Length > 0);

    private static Origin OriginOf(GraphDocument document, string type, int index) => type switch
    {
        GraphItems.Job => document.Jobs[index].Origin,
        GraphItems.Partition => document.Partitions[index].Origin,
        GraphItems.Source => document.Sources[index].Origin,
        GraphItems.Want => document.Wants[index].Origin,
        _ => document.Pools[index].Origin,
    };
}
