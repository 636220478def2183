using DataBuild.Tasks.Ci;
using DataBuild.V1;

namespace DataBuild.Cli.Output;

/// <summary>What the engine says, for people: its lines, errors and warnings as they come. Called from the engine's threads.</summary>
internal class EngineDisplay(string projectFile, bool json) : IDisposable
{
    private readonly Lock gate = new();
    private string name = "";

    public PlanReport? Plan { get; private set; }

    /// <summary>Where errors and warnings go as well; null where nobody takes them.</summary>
    public CiAnnotations? Annotations { get; set; }

    public static EngineDisplay Of(string projectFile, bool json) =>
        !json && Page.HasColours(Console.IsOutputRedirected || Console.IsErrorRedirected) ? new LiveDisplay(projectFile) : new EngineDisplay(projectFile, json);

    public virtual void Begin(string graph) => name = graph;

    public void On(EngineMessage message)
    {
        lock (gate)
        {
            switch (message.MessageCase)
            {
                case EngineMessage.MessageOneofCase.Line when message.Line.Importance == Importance.High:
                    Line(message.Line.Text);
                    break;
                case EngineMessage.MessageOneofCase.Diagnostic:
                    Say(message.Diagnostic);
                    break;
                case EngineMessage.MessageOneofCase.Plan:
                    Plan = message.Plan;
                    break;
                case EngineMessage.MessageOneofCase.Progress:
                    Progress(message.Progress);
                    break;
                default:
                    // Runs, skips and the rest are for the build's own log; the result is what RunAsync returns.
                    break;
            }
        }
    }

    public virtual void End(BuildResult result) => Line($"  {name} -> {result.Summary}");

    /// <summary>An error or a warning, of the engine's or about what it gave.</summary>
    public void Say(Diagnostic diagnostic)
    {
        lock (gate)
        {
            Diagnose(diagnostic.Severity, DiagnosticText.Of(diagnostic, projectFile));
            if (DiagnosticText.Issue(diagnostic, projectFile) is { } issue)
            {
                Annotations?.Add(issue);
            }
        }
    }

    protected virtual void Line(string text)
    {
        if (!json)
        {
            Console.Out.WriteLine(text);
        }
    }

    protected virtual void Diagnose(Severity severity, string text) => Console.Error.WriteLine(text);

    protected virtual void Progress(BuildProgress progress)
    {
    }

    public virtual void Dispose() => GC.SuppressFinalize(this);
}
