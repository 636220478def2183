using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Graph;
using DataBuild.V1;

namespace DataBuild.Engine.Tests.Graph;

/// <summary>Writes graph documents the way a project file would: one call an item.</summary>
internal sealed class Project
{
    private readonly GraphDocument _document = new() { Name = "test" };

    public GraphDocument Document => _document;

    public static Project WithJob(string label = "make") => new Project().Job(label);

    public Project Job(string label, Action<JobDefinition>? more = null)
    {
        var job = new JobDefinition { Label = label, Command = "make", Origin = At("Job", label) };
        more?.Invoke(job);
        _document.Jobs.Add(job);
        return this;
    }

    public Project Partition(string pattern, string needs = "", string job = "make", Action<PartitionDefinition>? more = null)
    {
        var partition = new PartitionDefinition { Pattern = pattern, Needs = needs, Job = job, Origin = At("Partition", pattern) };
        more?.Invoke(partition);
        _document.Partitions.Add(partition);
        return this;
    }

    public Project Source(string pattern, string path = "file")
    {
        _document.Sources.Add(new SourceDefinition { Pattern = pattern, Path = path, Origin = At("Source", pattern) });
        return this;
    }

    public Project Want(string partitions, Action<WantDefinition>? more = null)
    {
        var want = new WantDefinition { Partitions = partitions, Origin = At("Want", partitions) };
        more?.Invoke(want);
        _document.Wants.Add(want);
        return this;
    }

    public Project Pool(string name, string slots = "1")
    {
        _document.Pools.Add(new PoolDefinition { Name = name, Slots = slots, Origin = At("Pool", name) });
        return this;
    }

    /// <summary>The graph of a project without any error or warning.</summary>
    public GraphLookup Compile()
    {
        var compilation = GraphCompiler.Compile(_document);
        Assert.Empty(compilation.Diagnostics);
        return compilation.Graph!;
    }

    /// <summary>Asserts exactly one diagnostic, of this rule, at this item, one line long; returns its text.</summary>
    public string Fails(DiagnosticRule rule, string itemType, string include)
    {
        var compilation = GraphCompiler.Compile(_document);
        var diagnostic = Assert.Single(compilation.Diagnostics);
        Assert.Equal((rule.Code, rule.Severity), (diagnostic.Code, diagnostic.Severity));
        Assert.Equal((itemType, include), (diagnostic.Origin.ItemType, diagnostic.Origin.Include));
        Assert.DoesNotContain('\n', diagnostic.Text);
        Assert.Equal(rule.Severity == Severity.Error, compilation.Graph is null);
        return diagnostic.Text;
    }

    private static Origin At(string itemType, string include) => new() { ItemType = itemType, Include = include, File = "test.dbproj" };
}
