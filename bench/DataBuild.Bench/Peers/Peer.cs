using DataBuild.Bench.Works;

namespace DataBuild.Bench.Peers;

/// <summary>A tool that does generated work in a folder.</summary>
internal abstract class Peer(string name)
{
    public string Name { get; } = name;

    /// <summary>Why it cannot be measured here; null if it can.</summary>
    public abstract string? Missing { get; }

    /// <summary>Processes that it starts for so many targets, where that is fewer.</summary>
    public virtual int ProcessesOf(int targets) => targets;

    /// <summary>Writes what the tool reads.</summary>
    public abstract void Write(string folder, Work work);

    /// <summary>Has the work done.</summary>
    public abstract Measured Run(string folder);

    /// <summary>Where a target is to be found.</summary>
    public virtual string PathOf(string folder, string target) => Path.Combine(folder, target);

    /// <summary>Folders and sources, which are there before any tool begins.</summary>
    public void Lay(string folder, Work work)
    {
        Directory.CreateDirectory(folder);
        foreach (string below in work.Targets.Select(target => Path.GetDirectoryName(target.Name)!).Concat(work.Sources.Select(source => Path.GetDirectoryName(source)!)).Distinct())
        {
            Directory.CreateDirectory(Path.Combine(folder, below));
        }

        foreach (string source in work.Sources)
        {
            File.WriteAllText(Path.Combine(folder, source), "made once\n");
        }

        Write(folder, work);
    }
}
