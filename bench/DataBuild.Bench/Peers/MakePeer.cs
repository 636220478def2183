using System.Globalization;
using DataBuild.Bench.Works;

namespace DataBuild.Bench.Peers;

/// <summary>GNU make, which starts a command without a shell where it needs none.</summary>
internal sealed class MakePeer(Native native, int atOnce) : Peer("make")
{
    public override string? Missing => Native.Version("make") is null ? "not installed" : null;

    public override void Write(string folder, Work work)
    {
        using var file = new StreamWriter(Path.Combine(folder, "Makefile"));
        if (work.IsFound)
        {
            // The job asks for what it needs by calling make again, one level deeper each time.
            file.WriteLine($"all: {work.Targets[^1].Name}\nd/0:\n\t@{native.Job} $@\nd/%:\n\t@$(MAKE) -s d/$$(($*-1)) && {native.Job} $@");
            return;
        }

        file.WriteLine($"all: {string.Join(' ', work.Targets.Select(target => target.Name))}");
        foreach (var target in work.Targets)
        {
            file.WriteLine($"{target.Name}: {string.Join(' ', target.Needs)}\n\t@{native.Job} $@");
        }
    }

    public override Measured Run(string folder) => native.Run(new Call(folder, "make", "-s", "-r", $"-j{atOnce.ToString(CultureInfo.InvariantCulture)}"));
}
