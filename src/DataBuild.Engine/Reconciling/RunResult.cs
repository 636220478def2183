using DataBuild.Engine.Graph;
using DataBuild.V1;

namespace DataBuild.Engine.Reconciling;

/// <summary>What an ended run comes to.</summary>
public sealed class RunResult
{
    /// <summary>Its end, and the child want for what it lacks: to be appended in one batch.</summary>
    public List<BuildEvent> Events { get; } = [];

    /// <summary>Refs to be put in place once the events are stored.</summary>
    public List<string> Publish { get; } = [];

    /// <summary>Warnings, about declarations where they are one's.</summary>
    public List<Diagnostic> Warnings { get; } = [];
}
