using System.Globalization;
using DataBuild.Bench.Works;

namespace DataBuild.Bench.Peers;

/// <summary>ninja, which starts each command through /bin/sh; and where this machine allows it, with that shell replaced by a bare start.</summary>
internal sealed class NinjaPeer(Native native, int atOnce, bool withoutShell) : Peer(withoutShell ? "ninja, no shell" : "ninja")
{
    public override string? Missing =>
        Native.Version("ninja") is null ? "not installed"
        : withoutShell && !native.CanReplaceShell ? "needs a mount namespace, which this machine does not allow"
        : null;

    public override void Write(string folder, Work work)
    {
        using var file = new StreamWriter(Path.Combine(folder, "build.ninja"));
        file.WriteLine($"rule job\n  command = {native.Job} $out\nrule look\n  command = {native.Job} --dyndep $target");
        foreach (var target in work.Targets)
        {
            if (work.IsFound)
            {
                file.WriteLine($"build {target.Name}.dd: look\n  target = {target.Name}\nbuild {target.Name}: job || {target.Name}.dd\n  dyndep = {target.Name}.dd");
            }
            else
            {
                file.WriteLine($"build {target.Name}: job {string.Join(' ', target.Needs)}");
            }
        }

        // All are asked for where none leads to the others; of a chain that has to be found, only its end.
        file.WriteLine(work.IsFound ? $"default {work.Targets[^1].Name}" : $"build all: phony {string.Join(' ', work.Targets.Select(target => target.Name))}\ndefault all");
    }

    public override Measured Run(string folder) =>
        native.Run(new Call(folder, "ninja", "--quiet", $"-j{atOnce.ToString(CultureInfo.InvariantCulture)}") { WithoutShell = withoutShell });
}
