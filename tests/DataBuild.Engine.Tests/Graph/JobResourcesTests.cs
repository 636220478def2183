using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Graph;
using DataBuild.V1;

namespace DataBuild.Engine.Tests.Graph;

/// <summary>Where a job runs and what it asks for there.</summary>
public sealed class JobResourcesTests
{
    [Fact]
    public void All_that_a_job_asks_of_a_cluster_is_read()
    {
        var job = new Project().Job("make", definition =>
        {
            definition.Executor = "slurm";
            definition.Cpus = "4";
            definition.Memory = "16GB";
            definition.SlurmPartition = "long,gpu-2";
            definition.SlurmArguments = "--account=research --qos long --gres='gpu:2'";
        }).Partition("a/{date}").Compile().Jobs[0];
        Assert.Equal(("slurm", 4, 16L << 30, "long,gpu-2"), (job.Executor, job.Cpus, job.Memory, job.SlurmPartition));
        Assert.Equal("--account=research --qos long --gres='gpu:2'", job.SlurmArguments);
    }

    [Fact]
    public void A_job_that_asks_for_nothing_runs_here()
    {
        var job = Project.WithJob().Compile().Jobs[0];
        Assert.Equal(("local", null, null, "", ""), (job.Executor, job.Cpus, job.Memory, job.SlurmPartition, job.SlurmArguments));
    }

    [Theory]
    [InlineData("Slurm")]
    [InlineData("kubernetes")]
    [InlineData("local,slurm")]
    public void Another_executor_is_refused(string name)
    {
        string text = new Project().Job("make", job => job.Executor = name).Fails(Rules.UnknownExecutor, "Job", "make");
        Assert.Contains($"'{name}', which does not exist; write 'local' or 'slurm'", text, StringComparison.Ordinal);
        Assert.Equal("DBLD1016", Rules.UnknownExecutor.Code);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("10001")]
    [InlineData("1.5")]
    [InlineData("four")]
    public void Cpus_are_a_number(string cpus) =>
        Assert.Contains($"is '{cpus}'", new Project().Job("make", job => job.Cpus = cpus).Fails(Rules.BadResource, "Job", "make"), StringComparison.Ordinal);

    [Theory]
    [InlineData("0GB")]
    [InlineData("4")]
    [InlineData("4 GB")]
    [InlineData("-4GB")]
    [InlineData("4gb")]
    [InlineData("9999999999GB")]
    public void Memory_is_a_size(string memory) =>
        Assert.Contains("write it as 512MB, 4GB or 1TB", new Project().Job("make", job => job.Memory = memory).Fails(Rules.BadResource, "Job", "make"), StringComparison.Ordinal);

    [Theory]
    [InlineData("big mem")]
    [InlineData("a;b")]
    [InlineData("$(id)")]
    public void A_queue_has_a_name(string name)
    {
        Assert.Contains($"is '{name}'", new Project().Job("make", job => job.SlurmPartition = name).Fails(Rules.BadSlurmPartition, "Job", "make"), StringComparison.Ordinal);
        Assert.Equal("DBLD1036", Rules.BadSlurmPartition.Code);
    }

    [Theory]
    [InlineData("--array=1-3", "holds --array, which the engine sets itself")]
    [InlineData("--qos long -J mine", "holds -J, which the engine sets itself")]
    [InlineData("-ofile", "holds -o, which the engine sets itself")]
    [InlineData("script.sh", "holds 'script.sh', which is no option")]
    [InlineData("--qos=long script.sh", "holds 'script.sh', which is no option")]
    [InlineData("'--comment=x\ny'", "holds a line end")]
    public void Options_that_are_the_engines_are_refused(string arguments, string expected)
    {
        Assert.Contains(expected, new Project().Job("make", job => job.SlurmArguments = arguments).Fails(Rules.BadSlurmArguments, "Job", "make"), StringComparison.Ordinal);
        Assert.Equal("DBLD1037", Rules.BadSlurmArguments.Code);
    }

    [Fact]
    public void Options_that_are_not_quoted_well_are_refused() =>
        new Project().Job("make", job => job.SlurmArguments = "--qos='long").Fails(Rules.BadQuoting, "Job", "make");

    [Theory]
    [InlineData("1B", 1)]
    [InlineData("3K", 3 << 10)]
    [InlineData("512MB", 512L << 20)]
    [InlineData("4G", 4L << 30)]
    [InlineData("2TB", 2L << 40)]
    public void Sizes_have_units(string text, long bytes)
    {
        Assert.True(ByteSize.TryParse(text, out long read));
        Assert.Equal(bytes, read);
        Assert.True(ByteSize.TryParse(ByteSize.Format(bytes), out read));
        Assert.Equal(bytes, read);
    }
}
