using DataBuild.Engine.Diagnostics;
using DataBuild.Tasks.Ci;
using DataBuild.Tasks.Engine;
using DataBuild.Tasks.Mirror;
using DataBuild.Tasks.Positions;
using DataBuild.V1;
using Microsoft.Build.Framework;
using Task = Microsoft.Build.Utilities.Task;

namespace DataBuild.Tasks;

/// <summary>Runs the engine on a compiled request and passes on what it says. What the engine is asked to do is in the request and here in mode and jobs.</summary>
public sealed class RunEngine : Task, ICancelableTask
{
    /// <summary>For the engine to exit once it has given its result: there is nothing left for it to do.</summary>
    private static readonly TimeSpan ExitPatience = TimeSpan.FromSeconds(5);

    private readonly object _gate = new();
    private EngineProcess? _running;
    private bool _cancelled;
    private TimeSpan _cancelTimeout;

    /// <summary>Where and how to run the engine, in the metadata Path, Host, Request, CancelTimeout, MirrorLimit, MirrorProject and HelpRoot, and what <see cref="CiReport"/> reads.</summary>
    [Required]
    public ITaskItem Engine { get; set; } = null!;

    /// <summary>run, plan or compile.</summary>
    [Required]
    public string Mode { get; set; } = "";

#pragma warning disable CA1819 // MSBuild hands lists over as arrays.
    /// <summary>Build only what these jobs make, and what that needs.</summary>
    public string[] Jobs { get; set; } = [];

    /// <summary>A row a want and a row a job.</summary>
    [Output]
    public ITaskItem[] Rows { get; private set; } = [];

    /// <summary>A row a decision, of a plan.</summary>
    [Output]
    public ITaskItem[] Decisions { get; private set; } = [];
#pragma warning restore CA1819

    public override bool Execute()
    {
        var request = EngineRequest.Parser.ParseFrom(File.ReadAllBytes(Engine.GetMetadata("Request")));
        request.Mode = Mode switch
        {
            "compile" => EngineMode.Compile,
            "plan" => EngineMode.Plan,
            _ => EngineMode.Build,
        };
        request.Jobs.AddRange(Jobs);

        var positions = new OriginPositions(request.ProjectFile, () => GlobalProperties.Of(BuildEngine), () => GraphOrigins.Of(request.Graph));
        var mirrorProject = Engine.GetMetadata("MirrorProject");
        using var record = new BuildRecord(Path.Combine(Path.GetDirectoryName(mirrorProject)!, "binlog"), CallName.Of(request, GlobalProperties.Of(BuildEngine)));
        var ci = CiReport.Of(Engine, request.ProjectFile, Log);
        var logger = new DiagnosticLogger(Log, positions, Engine.GetMetadata("HelpRoot"), ci?.Annotations, DiagnosticLogger.Asked(BuildEngine));
        var listener = new EngineListener(BuildEngine, Log, logger, record, request.ProjectFile, request.Graph.Name,
            int.TryParse(Engine.GetMetadata("MirrorLimit"), out var limit) ? limit : 0);
        try
        {
            _cancelTimeout = CancelTimeout();
            Listen(request, listener);
        }
        catch (DataBuildException exception)
        {
            listener.Report(exception.ToDiagnostic());
        }

        if (Log.HasLoggedErrors)
        {
            ResultFiles.WriteFailed(request.ResultFile, "the engine gave no result", listener.Errors);
        }

        if (request.Mode != EngineMode.Compile || Log.HasLoggedErrors)
        {
            ci?.End(request.Graph.Name, listener.ResultOrErrors, positions.Of, logger.Log);
        }

        WriteMirror(request, listener, record, MirrorFile.Of(BuildEngine, mirrorProject, Mode, Jobs));
        Rows = listener.Result is null ? [] : ResultRows.Of(listener.Result);
        Decisions = listener.Plan is null ? [] : ResultRows.Of(listener.Plan);
        return !Log.HasLoggedErrors && !_cancelled;
    }

    /// <summary>The build's log is for people who look at it later: what it lacks fails no build.</summary>
    private void WriteMirror(EngineRequest request, EngineListener listener, BuildRecord record, string project)
    {
        var problem = "";
        try
        {
            RunMirror.Write(this, project, listener.Runs, listener.Skips, record.End(request));
            problem = record.Problem ?? "";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            problem = exception.Message;
        }

        if (problem.Length > 0)
        {
            listener.Report(Rules.RecordNotWritten.At($"a binary log of this build will lack its runs, or its plan and result: {problem.TrimEnd('.')}. {Rules.RecordNotWritten.Cure}"));
        }
    }

    public void Cancel()
    {
        EngineProcess? engine;
        lock (_gate)
        {
            _cancelled = true;
            engine = _running;
        }

        engine?.Stop(_cancelTimeout);
    }

    private void Listen(EngineRequest request, EngineListener listener)
    {
        using var engine = EngineProcess.Start(Engine.GetMetadata("Path"), Engine.GetMetadata("Host"), Path.GetDirectoryName(request.ProjectFile)!, request);
        bool cancelled;
        lock (_gate)
        {
            _running = engine;
            cancelled = _cancelled;
        }

        if (cancelled)
        {
            engine.Stop(_cancelTimeout);
        }

        try
        {
            foreach (var message in engine.Messages())
            {
                listener.On(message);
                if (listener.Result is not null)
                {
                    break;
                }
            }

            Conclude(engine, listener, request.ResultFile);
        }
        catch
        {
            // A contract broken or a bug of ours: whatever it is, nothing may be left running.
            engine.Kill();
            RunMarker.EndAll(listener.RunMarker);
            throw;
        }
        finally
        {
            lock (_gate)
            {
                _running = null;
            }
        }
    }

    private void Conclude(EngineProcess engine, EngineListener listener, string resultFile)
    {
        if (listener.Result is { } result)
        {
            if (!engine.Finish(ExitPatience))
            {
                RunMarker.EndAll(listener.RunMarker);
                listener.Report(Rules.EngineLingered.At(
                    $"the engine gave its result and did not exit within {ExitPatience.TotalSeconds:0} s; it was ended, and the result stands"));
            }

            listener.Conclude(result, resultFile, IsCancelled());
            return;
        }

        if (IsCancelled())
        {
            engine.Kill();
            RunMarker.EndAll(listener.RunMarker);
            if (engine.WasKilled)
            {
                listener.Report(Rules.EngineKilled.At(
                    $"the engine did not stop within {_cancelTimeout.TotalSeconds:0} s of being cancelled (property DataBuildCancelTimeout); it and its jobs were ended, the next build continues from its log"));
            }

            return;
        }

        if (engine.Garbage is { } garbage)
        {
            throw new DataBuildException(Rules.EngineProtocolBroken,
                $"'{Engine.GetMetadata("Path")}' said something that is no message of the engine: \"{garbage}\"; check that DataBuildEnginePath names DataBuild's engine");
        }

        var obituary = engine.Obituary();
        engine.Kill();
        var left = RunMarker.EndAll(listener.RunMarker);
        throw new DataBuildException(Rules.EngineDied,
            $"the engine ended without a result ({obituary}){(left == 0 ? "" : $"; processes that it left and that were ended: {left}")}; build again to continue from its log");
    }

    private bool IsCancelled()
    {
        lock (_gate)
        {
            return _cancelled;
        }
    }

    private TimeSpan CancelTimeout()
    {
        var text = Engine.GetMetadata("CancelTimeout");
        return Durations.TryParse(text, out var time)
            ? time
            : throw new DataBuildException(Rules.InvalidProperty,
                $"property DataBuildCancelTimeout is '{text}'; it must be a number with a unit, such as 30s, 10m or 6h",
                new Origin { Include = "DataBuildCancelTimeout" });
    }
}
