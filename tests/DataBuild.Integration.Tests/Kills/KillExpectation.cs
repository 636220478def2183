using System.Diagnostics;
using DataBuild.V1;

namespace DataBuild.Integration.Tests.Kills;

/// <summary>What builds that nobody disturbs make of each version of the sources.</summary>
/// <param name="Versions">Every file and its content, for each version.</param>
/// <param name="Length">How long the first of them took.</param>
internal sealed record KillExpectation(IReadOnlyList<SortedDictionary<string, string>> Versions, TimeSpan Length)
{
    public static KillExpectation Build()
    {
        using var project = KillProject.New();
        KillProject.WriteSources(project, 0);
        var watch = Stopwatch.StartNew();
        Assert.Equal(BuildOutcome.Built, project.Build().Outcome);
        var length = watch.Elapsed;
        var first = Sampler.Read(project.DataRoot);
        KillProject.WriteSources(project, 1);
        Assert.Equal(BuildOutcome.Built, project.Build().Outcome);
        var second = Sampler.Read(project.DataRoot);
        Assert.Equal(first.Keys, second.Keys);
        Assert.NotEqual(first, second);
        return new([first, second], length);
    }
}
