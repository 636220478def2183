using DataBuild.Engine.Ports;

namespace DataBuild.Engine.Files;

/// <summary>The files that a job's fingerprint was made of, as they were then. Looking at them again costs a stat each, and a read where that differs.</summary>
public sealed class JobFiles
{
    private readonly FileObserver observer;
    private readonly List<(string Name, string Path, FileObservation Seen)> files = [];

    internal JobFiles(FileObserver observer) => this.observer = observer;

    internal void Add(string name, string path, FileObservation seen) => files.Add((name, path, seen));

    /// <summary>A file whose content is another one now, or that is gone, by its name for people; null if there is none.</summary>
    /// <exception cref="Diagnostics.DataBuildException">DBLD6116: one cannot be read any more.</exception>
    public string? FirstChanged()
    {
        for (var i = 0; i < files.Count; i++)
        {
            var (name, path, seen) = files[i];
            var now = observer.Observe(path, seen.Stamp, seen.Fingerprint);
            if (!now.Exists || !now.Fingerprint.AsSpan().SequenceEqual(seen.Fingerprint))
            {
                return name;
            }

            // Touched, or too young to be trusted when it was read: by its new stamp it need not be read the next time.
            files[i] = (name, path, now);
        }

        return null;
    }
}
