using System.Reflection;

namespace DataBuild.Jobs.Tests;

public sealed class PublicApiTests
{
    [Fact]
    public void The_public_API_is_the_one_that_was_approved()
    {
        string approved = Repository.PathOf("tests/DataBuild.Jobs.Tests/PublicApi.txt");
        string[] now = [.. PublicApi.Describe(typeof(JobHost).Assembly)];

        if (Environment.GetEnvironmentVariable("DATABUILD_APPROVE") == "1")
        {
            File.WriteAllLines(approved, now);
        }

        // A difference is a decision: run once with DATABUILD_APPROVE=1, and read the diff before committing it.
        Assert.Equal(File.ReadAllLines(approved), now);
    }

    [Fact]
    public void The_library_depends_on_nothing_but_the_framework()
    {
        string framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;

        Assert.All(
            typeof(JobHost).Assembly.GetReferencedAssemblies(),
            name => Assert.True(File.Exists(Path.Combine(framework, name.Name + ".dll")), name.Name));
    }
}
