using DataBuild.V1;

namespace DataBuild.Tasks.Authoring;

/// <summary>Declarations of a referenced project as seen from the folder of the one that references it.</summary>
internal sealed class RebasedPaths(string projectFile, ProjectPaths to)
{
    private readonly ProjectPaths _from = new(projectFile);

    /// <summary>The referenced project.</summary>
    public string Project { get; } = to.Relative(projectFile);

    /// <summary>The project that declares it: the referenced one, or one that it references in turn.</summary>
    public string ProjectOf(Origin origin) => origin.Project.Length == 0 ? Project : Rebase(origin.Project);

    public Origin Origin(Origin origin)
    {
        var rebased = origin.Clone();
        rebased.Project = ProjectOf(origin);
        rebased.File = origin.File.Length == 0 ? rebased.Project : Rebase(origin.File);
        return rebased;
    }

    public JobDefinition Job(JobDefinition job)
    {
        var rebased = job.Clone();
        rebased.Origin = Origin(job.Origin);
        rebased.Folder = Rebase(job.Folder);
        rebased.WorkingDirectory = Rebase(job.WorkingDirectory);
        rebased.Program = job.Program.Length == 0 ? "" : Rebase(job.Program);
        rebased.ProgramFiles.Clear();
        rebased.ProgramFiles.AddRange(job.ProgramFiles.Select(Rebase));
        rebased.Sources.Clear();
        rebased.Sources.AddRange(job.Sources.Select(Rebase));
        return rebased;
    }

    public SourceDefinition Source(SourceDefinition source)
    {
        var rebased = source.Clone();
        rebased.Origin = Origin(source.Origin);
        rebased.Path = source.Path.Trim().Length == 0 ? source.Path : Rebase(source.Path);
        return rebased;
    }

    /// <summary>An empty path is the folder itself; a full one is left alone.</summary>
    private string Rebase(string path) => Path.IsPathRooted(path) ? path : to.Relative(_from.Full(path));
}
