using DataBuild.Engine.Diagnostics;
using DataBuild.Tasks.Mirror;
using DataBuild.V1;
using Google.Protobuf;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace DataBuild.Tasks.Engine;

/// <summary>What the engine says, on its way to MSBuild's loggers.</summary>
internal sealed class EngineListener(
    IBuildEngine engine, TaskLoggingHelper log, DiagnosticLogger diagnostics, BuildRecord record, string projectFile, string name, int mirrorLimit)
{
    private readonly List<RunReport> _runs = [];
    private readonly List<JobSkip> _skips = [];
    private readonly List<Diagnostic> _errors = [];
    private bool _greeted;

    /// <summary>By which the engine's jobs are found when it dies; empty as long as it may not have started any.</summary>
    public string RunMarker { get; private set; } = "";

    public BuildResult? Result { get; private set; }

    /// <summary>The result; of an engine that gave none, what went wrong.</summary>
    public BuildResult ResultOrErrors => Result ?? new BuildResult { Outcome = BuildOutcome.Failed, Summary = "the engine gave no result", Diagnostics = { _errors } };

    public PlanReport? Plan { get; private set; }

    /// <summary>Runs to mirror as targets, up to the limit. Each has been logged as a message.</summary>
    public IReadOnlyList<RunReport> Runs => _runs;

    public IReadOnlyList<JobSkip> Skips => _skips;

    public IReadOnlyList<Diagnostic> Errors => _errors;

    public void On(EngineMessage message)
    {
        if (!_greeted && message.MessageCase != EngineMessage.MessageOneofCase.Hello)
        {
            throw new DataBuildException(Rules.EngineProtocolBroken,
                $"the engine's first message was '{message.MessageCase}' instead of its hello; check that DataBuildEnginePath names DataBuild's engine");
        }

        switch (message.MessageCase)
        {
            case EngineMessage.MessageOneofCase.Ready:
                RunMarker = message.Ready.RunMarker;
                break;
            case EngineMessage.MessageOneofCase.Hello:
                Greet(message.Hello);
                break;
            case EngineMessage.MessageOneofCase.Diagnostic:
                Report(message.Diagnostic);
                break;
            case EngineMessage.MessageOneofCase.Line:
                log.LogMessage(Loudness(message.Line.Importance), "{0}", WithoutIndent(message.Line.Text));
                break;
            case EngineMessage.MessageOneofCase.Run:
                OnRun(message.Run);
                break;
            case EngineMessage.MessageOneofCase.Skip:
                _skips.Add(message.Skip);
                record.Add(message.Skip);
                log.LogMessage(MessageImportance.Normal, "{0}", $"{message.Skip.Job}: nothing to do: {message.Skip.Reason}");
                break;
            case EngineMessage.MessageOneofCase.Plan:
                Plan = message.Plan;
                RunMessages.LogExtended(engine, projectFile, message.Plan);
                break;
            case EngineMessage.MessageOneofCase.Result:
                Result = message.Result;
                RunMessages.LogExtended(engine, projectFile, message.Result);
                break;
            default:
                // Progress, and kinds that a newer engine of the same contract adds, are for other callers.
                break;
        }
    }

    public void Report(Diagnostic diagnostic)
    {
        if (diagnostic.Severity == Severity.Error)
        {
            _errors.Add(diagnostic);
        }

        diagnostics.Log(diagnostic);
    }

    /// <summary>The summary, and an error if the build failed without one.</summary>
    public void Conclude(BuildResult result, string resultFile, bool cancelled)
    {
        if (result.Summary.Length > 0)
        {
            // The terminal logger shows a line of this form, from its first character on, as what the project made.
            log.LogMessage(MessageImportance.High, "{0}", $"{name} -> {result.Summary}");
        }

        if (cancelled || log.HasLoggedErrors)
        {
            return;
        }

        switch (result.Outcome)
        {
            case BuildOutcome.Built or BuildOutcome.UpToDate or BuildOutcome.Planned:
                break;
            case BuildOutcome.Canceled:
                Report(Rules.BuildStopped.At("the engine was asked to stop by something other than this build; build again to continue"));
                break;
            default:
                Report(Rules.BuildFailedSilently.At($"the build ended as '{result.Outcome}' and the engine gave no error; see {resultFile} and report it"));
                break;
        }
    }

    private void Greet(Hello hello)
    {
        _greeted = true;
        if (hello.ProtocolVersion != EngineContract.Version)
        {
            throw new DataBuildException(Rules.EngineVersionMismatch,
                $"this task speaks version {EngineContract.Version} of the engine's contract and engine {hello.EngineVersion} speaks {hello.ProtocolVersion}; run 'dotnet build-server shutdown' and build again, and unset DataBuildEnginePath if it is set");
        }
    }

    private void OnRun(RunReport run)
    {
        var json = JsonFormatter.Default.Format(run);
        record.Add(run, json);
        RunMessages.LogExtended(engine, projectFile, run, json);
        if (_runs.Count < mirrorLimit)
        {
            _runs.Add(run);
        }
        else
        {
            // In a task host the other message is lost, and no target shows this run.
            log.LogMessage(MessageImportance.Low, "{0}", RunMessages.Line(run));
        }
    }

    /// <summary>The engine indents by two for a terminal, as MSBuild's console does for each message.</summary>
    private static string WithoutIndent(string line) => line.StartsWith("  ", StringComparison.Ordinal) ? line.Substring(2) : line;

    private static MessageImportance Loudness(Importance importance) => importance switch
    {
        Importance.High => MessageImportance.High,
        Importance.Low => MessageImportance.Low,
        _ => MessageImportance.Normal,
    };
}
