using DataBuild.Bench.Scenarios;
using DataBuild.Bench.Works;

namespace DataBuild.Bench;

/// <summary>What scenarios have in common: programs, folders, and how much of everything.</summary>
internal sealed class Bench(Options options, Native native, string root)
{
    private int folders;

    public Native Native => native;

    public int AtOnce { get; } = Environment.ProcessorCount;

    public double Scale => options.Scale;

    public int Rounds(int usual) => options.Rounds ?? usual;

    public int Sized(int count) => Math.Max(2, (int)(count * options.Scale));

    /// <summary>A path that was never used: ext4 makes files slowly where many were deleted.</summary>
    public string NewFolder() => Path.Combine(root, $"{++folders:0000}");

    /// <summary>Every target is there and holds what it must, byte for byte; so the outputs of all tools are equal.</summary>
    public static void Check(Contestant contestant, string folder)
    {
        foreach (var target in contestant.Work.Targets)
        {
            string path = contestant.Peer.PathOf(folder, target.Name);
            if (!File.Exists(path) || !File.ReadAllBytes(path).AsSpan().SequenceEqual(System.Text.Encoding.ASCII.GetBytes(Work.ContentOf(target.Name))))
            {
                throw new BenchException($"{contestant.Peer.Name}: {path} is not there or not what it must be");
            }
        }
    }

    public static void Say(string text) => Console.Error.WriteLine(text);
}
