using DataBuild.Engine.Execution.Slurm;

namespace DataBuild.Slurm.Tests;

/// <summary>The flights sample by a real <c>dotnet build</c>, on two nodes and on this machine.</summary>
[Collection(ClusterTests.Name)]
public sealed class FlightsTests
{
    [SlurmFact]
    public void The_flights_sample_is_the_same_bytes_from_two_nodes_and_from_this_machine()
    {
        var folder = Directory.CreateTempSubdirectory("databuild slurm flights ");
        try
        {
            var slurm = Build(folder, "slurm");
            var local = Build(folder, "local");

            Assert.Contains("267 built", slurm.Output, StringComparison.Ordinal);
            var expected = Files(local.Data);
            Assert.Equal(267, expected.Count);
            Assert.Equal(expected.Keys, Files(slurm.Data).Keys);
            Assert.All(expected, file => Assert.True(File.ReadAllBytes(Path.Combine(local.Data, file.Key)).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(slurm.Data, file.Key))), file.Key));

            using var log = Engine.Log.SqliteBuildEventLog.OpenReader(Path.Combine(slurm.State, "log.db"));
            var nodes = PrivateCluster.Ask("squeue", "--noheader", "--array", "--states=all", "--format=%N", "--name=" + SlurmExecutor.JobName(log.LogId));
            Assert.Equal(["n1", "n2"], nodes.Split('\n').Distinct().Order());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static (string Data, string State, string Output) Build(DirectoryInfo folder, string executor)
    {
        var (data, state) = (Path.Combine(folder.FullName, executor, "data"), Path.Combine(folder.FullName, executor, "state"));
        var (code, output) = PrivateCluster.Run("dotnet",
        [
            "build", Path.Combine(Repository.Root, "samples/flights/flights.dbproj"), "-p:DataBuildExecutor=" + executor, "-p:DataBuildDataRoot=" + data, "-p:DataBuildStateDirectory=" + state,
        ]);
        Assert.True(code == 0, output);
        return (data, state, output);
    }

    private static SortedDictionary<string, long> Files(string data) => new(
        Directory.EnumerateFiles(data, "*", SearchOption.AllDirectories).Select(file => (Path: Path.GetRelativePath(data, file), new FileInfo(file).Length))
            .Where(file => !file.Path.StartsWith(".databuild", StringComparison.Ordinal)).ToDictionary(file => file.Path, file => file.Length),
        StringComparer.Ordinal);
}
