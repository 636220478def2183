using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Files;
using DataBuild.Engine.Ports;
using DataBuild.V1;

namespace DataBuild.Engine.Hosting.Trying;

/// <summary>The folder of one run without effect, below the state directory so that it is on the disk that runs of builds are on.</summary>
internal sealed class Scratch
{
    private Scratch(string path) => Folder = path;

    public string Folder { get; }

    /// <summary>What the job takes for its output root.</summary>
    public string Output => Path.Combine(Folder, "out");

    public string Logs => Path.Combine(Folder, "log");

    /// <summary>For the executor's own files.</summary>
    public string Engine => Path.Combine(Folder, "engine");

    /// <summary>Folders that the outputs of these refs lie in, relative to the output root; a job finds them made.</summary>
    public static IReadOnlyList<string> FoldersOf(IReadOnlyList<string> refs) => RunFolders.Of(refs).Paths;

    public static string Parent(string stateDirectory) => Path.Combine(stateDirectory, "try");

    /// <summary>One that is there, to be removed.</summary>
    public static Scratch At(string folder) => new(folder);

    public static Scratch Make(string stateDirectory, string runId, IReadOnlyList<string> refs)
    {
        var scratch = new Scratch(Path.Combine(Parent(stateDirectory), runId));
        try
        {
            Directory.CreateDirectory(scratch.Output);
            foreach (string folder in FoldersOf(refs))
            {
                Directory.CreateDirectory(Path.Combine(scratch.Output, folder));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataBuildException(
                Rules.ScratchNotMade, $"cannot make the scratch folder '{scratch.Folder}': {e.Message}; make the state directory writable, or free space on its disk", inner: e);
        }

        return scratch;
    }

    /// <summary>What the run left there; what a build could not take is the run's error.</summary>
    public StagedOutput Inspect(IReadOnlyList<string> refs, ref RunReturn returned)
    {
        try
        {
            return StagedRun.Inspect(Output, refs);
        }
        catch (DataBuildException e)
        {
            returned = returned with { Diagnostics = [.. returned.Diagnostics, e.ToDiagnostic()] };
            return new StagedOutput([.. refs.Select(_ => FileObservation.Absent)], []);
        }
    }

    /// <summary>Removes it, and the folder of all such where it was the last; a warning if something stays.</summary>
    public Diagnostic? Remove()
    {
        var disk = new Disk();
        if (!FolderRemover.Remove(disk, Folder, out var obstacle))
        {
            return Rules.LeftoverNotRemoved.At($"cannot remove '{Folder}': {StorageError.Text(obstacle)}; it takes space only, remove it by hand");
        }

        disk.RemoveFolder(Path.GetDirectoryName(Folder)!);
        return null;
    }
}
