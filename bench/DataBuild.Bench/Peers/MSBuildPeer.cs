using DataBuild.Bench.Works;

namespace DataBuild.Bench.Peers;

/// <summary>Plain MSBuild: a target with Inputs, Outputs and an Exec for each file. One project's targets are built one after the other.</summary>
internal sealed class MSBuildPeer(Native native) : Peer("MSBuild")
{
    public override string? Missing => null;

    public override void Write(string folder, Work work)
    {
        // Keeps out what lies above the folder.
        File.WriteAllText(Path.Combine(folder, "Directory.Build.rsp"), "-nr:false\n");
        using var file = new StreamWriter(Path.Combine(folder, "build.proj"));
        var numbers = work.Targets.Select((target, i) => (target.Name, i)).ToDictionary(pair => pair.Name, pair => pair.i, StringComparer.Ordinal);
        file.WriteLine($"<Project DefaultTargets=\"All\">\n  <Target Name=\"All\" DependsOnTargets=\"{string.Join(';', numbers.Values.Select(i => $"T{i}"))}\" />");
        for (int i = 0; i < work.Count; i++)
        {
            var target = work.Targets[i];
            string after = string.Join(';', target.Needs.Where(numbers.ContainsKey).Select(need => $"T{numbers[need]}"));
            string inputs = target.Needs.Length > 0 ? string.Join(';', target.Needs) : "build.proj";
            file.WriteLine($"  <Target Name=\"T{i}\" DependsOnTargets=\"{after}\" Inputs=\"{inputs}\" Outputs=\"{target.Name}\"><Exec Command=\"{native.Job} {target.Name}\" /></Target>");
        }

        file.WriteLine("</Project>");
    }

    public override Measured Run(string folder) => native.Run(new Call(folder, "dotnet", "msbuild", "build.proj", "-nologo", "-v:q", "-m:1"));
}
