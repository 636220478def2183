using DataBuild.Engine.Graph;
using DataBuild.Engine.Ports;
using DataBuild.Engine.Reconciling;
using DataBuild.V1;

namespace DataBuild.Engine.Hosting;

/// <summary>Turns a planned run into what an executor needs to start it.</summary>
internal sealed class RunRequests(Workspace workspace, Func<JobRunQueueEventV1, string> sourcesFile)
{
    public RunRequest For(PlannedRun run, IReadOnlyList<string> refs, string outputRoot)
    {
        var job = run.Job;
        return new RunRequest
        {
            RunId = run.Queue.RunId,
            Job = job.Label,
            Command = [Program(job), .. job.Command.Skip(1).Select((argument, i) => i == 0 && IsDotnetProgram(job) ? Full(argument) : argument)],
            Refs = refs,
            Attempt = (int)run.Queue.Partitions.Max(partition => partition.Attempt),
            WorkingDirectory = Path.GetFullPath(job.WorkingDirectory, workspace.ProjectFolder),
            Environment = job.Environment,
            PassEnvironment = job.PassEnvironment,
            DataRoot = workspace.DataRoot,
            OutputRoot = outputRoot,
            LogDirectory = workspace.RunLog(run.Queue.RunId),
            SourcesFile = sourcesFile(run.Queue),
            Timeout = job.Timeout,
            Executor = run.Queue.Executor.Length > 0 ? run.Queue.Executor : ExecutorNames.Local,
            Resources = new RunResources
            {
                Cpus = job.Cpus ?? 0,
                MemoryBytes = job.Memory ?? 0,
                SlurmPartition = job.SlurmPartition,
                SlurmArguments = job.SlurmArguments,
            },
        };
    }

    /// <summary>A command with a slash in it is a path below the folder of the project that declares it, whatever folder the job runs in.</summary>
    private string Program(Job job) =>
        !job.Command[0].Contains('/', StringComparison.Ordinal) ? job.Command[0]
        : job.Definition.Program.Length > 0 ? Full(job.Command[0])
        : Path.GetFullPath(job.Command[0], Path.GetFullPath(job.Definition.Folder, workspace.ProjectFolder));

    private static bool IsDotnetProgram(Job job) => job.Definition.Program.Length > 0 && job.Command[0] == "dotnet";

    private string Full(string path) => Path.GetFullPath(path, workspace.ProjectFolder);
}
