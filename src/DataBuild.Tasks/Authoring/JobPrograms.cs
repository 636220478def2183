using DataBuild.Engine.Diagnostics;
using DataBuild.V1;
using Microsoft.Build.Framework;

namespace DataBuild.Tasks.Authoring;

/// <summary>What building the jobs' projects gave: each project's program and the assemblies beside it.</summary>
internal sealed class JobPrograms
{
    /// <summary>MSBuild puts the project that an output came from here.</summary>
    private const string SourceProject = "MSBuildSourceProjectFile";

    private readonly ProjectPaths _paths;
    private readonly Dictionary<string, List<string>> _outputs = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, IReadOnlyList<string>> _files = new(StringComparer.Ordinal);

    public JobPrograms(ProjectPaths paths, ITaskItem[] outputs)
    {
        _paths = paths;
        foreach (var output in outputs)
        {
            var project = output.GetMetadata(SourceProject);
            if (!_outputs.TryGetValue(project, out var programs))
            {
                _outputs[project] = programs = [];
            }

            programs.Add(output.GetMetadata("FullPath"));
        }
    }

    public void Fill(JobDefinition job, string project, AuthoringReport report)
    {
        if (string.IsNullOrWhiteSpace(project))
        {
            return;
        }

        var full = _paths.Full(project.Replace('\\', '/'));
        if (!_outputs.TryGetValue(full, out var programs))
        {
            report.Add(Rules.JobProjectHasNoProgram, File.Exists(full)
                ? $"project '{project}' of job '{job.Label}' gives no program; set <OutputType>Exe</OutputType> and one TargetFramework in it"
                : $"project '{project}' of job '{job.Label}' does not exist; looked for {full}", job.Origin);
            return;
        }

        if (programs.Count > 1)
        {
            report.Add(Rules.JobProjectHasNoProgram,
                $"project '{project}' of job '{job.Label}' gives {programs.Count} programs ({string.Join(", ", programs.Select(_paths.Relative))}); set one TargetFramework in it",
                job.Origin);
            return;
        }

        // A library has no runtime configuration beside it and cannot be run.
        var program = programs[0];
        if (!File.Exists(program) || (IsAssembly(program) && !File.Exists(Path.ChangeExtension(program, ".runtimeconfig.json"))))
        {
            report.Add(Rules.JobProjectHasNoProgram,
                $"project '{project}' of job '{job.Label}' builds {_paths.Relative(program)}, which cannot be run; set <OutputType>Exe</OutputType> in it",
                job.Origin);
            return;
        }

        job.Program = _paths.Relative(program);
        job.ProgramFiles.AddRange(FilesBeside(program));
    }

    private IReadOnlyList<string> FilesBeside(string program)
    {
        if (!_files.TryGetValue(program, out var files))
        {
            files = [.. Directory.EnumerateFiles(Path.GetDirectoryName(program)!, "*.dll", SearchOption.AllDirectories)
                .Select(_paths.Relative)
                .OrderBy(file => file, StringComparer.Ordinal)];
            _files[program] = files;
        }

        return files;
    }

    private static bool IsAssembly(string path) => path.EndsWith(".dll", StringComparison.OrdinalIgnoreCase);
}
