namespace DataBuild.Bench.Scenarios;

/// <summary>Something that is measured by itself.</summary>
internal abstract class Scenario(string name, string title)
{
    public string Name { get; } = name;

    public string Title { get; } = title;

    public abstract Outcome Run(Bench bench);
}
