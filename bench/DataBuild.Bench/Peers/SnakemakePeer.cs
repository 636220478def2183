using System.Globalization;
using DataBuild.Bench.Works;

namespace DataBuild.Bench.Peers;

/// <summary>Snakemake, a rule a target.</summary>
internal sealed class SnakemakePeer(Native native, int atOnce) : Peer("Snakemake")
{
    public override string? Missing => Native.Version("snakemake") is null ? "not installed" : null;

    public override void Write(string folder, Work work)
    {
        using var file = new StreamWriter(Path.Combine(folder, "Snakefile"));
        file.WriteLine($"rule all:\n    input: {Names(work.Targets.Select(target => target.Name))}");
        for (int i = 0; i < work.Count; i++)
        {
            var target = work.Targets[i];
            string input = target.Needs.Length > 0 ? $"    input: {Names(target.Needs)}\n" : "";
            file.WriteLine($"rule t{i}:\n{input}    output: '{target.Name}'\n    shell: '{native.Job} {target.Name}'");
        }
    }

    public override Measured Run(string folder) =>
        native.Run(new Call(folder, "snakemake", "--nolock", $"-j{atOnce.ToString(CultureInfo.InvariantCulture)}", "--quiet", "all"));

    private static string Names(IEnumerable<string> names) => string.Join(", ", names.Select(name => $"'{name}'"));
}
