using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Ports;
using DataBuild.V1;

namespace DataBuild.Engine.Execution.Slurm;

/// <summary>Makes what the sink is told of an ended run.</summary>
internal static class RunReturns
{
    /// <summary>It left an exit file.</summary>
    public static RunReturn Of(ClusterRun run, ExitFile exit, Verdict verdict, RunReader reader)
    {
        var request = run.Request;
        var begun = exit.Begun ?? DateTimeOffset.UtcNow;
        var result = new RunReturn
        {
            RunId = request.RunId,
            Ending = verdict.Ending,
            ExitCode = exit.Began ? exit.ExitCode : null,
            Signal = exit.Signal,
            Started = begun,
            Duration = exit.Ended is { } ended && ended > begun ? ended - begun : TimeSpan.Zero,
            CommandLine = CommandLine(run.Files, request),
            Diagnostics = run.Diagnostics,
            Fault = verdict.Fault,
        };
        if (!exit.Began)
        {
            return result with { Ending = RunEnding.CannotStart, Diagnostics = [.. run.Diagnostics, StartFailure.Of(exit, request)] };
        }

        result = reader.End(result, cut: result.Ending != RunEnding.Exited || exit.ExitCode is null);
        if (exit.LeftProcesses)
        {
            result = result with
            {
                Diagnostics = [.. result.Diagnostics, Rules.ProcessesLeftBehind.At(
                    $"job '{request.Job}' exited on node {exit.Node} while it still had processes running, which were ended; {Rules.ProcessesLeftBehind.Cure}")],
            };
        }

        return result.Ending == RunEnding.Exited && reader.MissingRuntime(result.ExitCode) is { } missing
            ? result with { Ending = RunEnding.CannotStart, Diagnostics = [.. result.Diagnostics, CommandProgram.Error(Rules.DotnetRuntimeMissing, request, $"on node {exit.Node} {missing}")] }
            : result;
    }

    /// <summary>It began, and left none.</summary>
    public static RunReturn WithoutTrace(ClusterRun run, Verdict verdict, RunReader reader)
    {
        return reader.End(
            new RunReturn
            {
                RunId = run.Request.RunId,
                Ending = verdict.Ending,
                Signal = verdict.Ending is RunEnding.Lost ? 0 : Native.Libc.Kill,
                Started = run.Begun ?? DateTimeOffset.UtcNow,
                CommandLine = CommandLine(run.Files, run.Request),
                Diagnostics = run.Diagnostics,
                Fault = verdict.Fault,
            },
            cut: true);
    }

    /// <summary>It never began, and never will.</summary>
    public static RunReturn NeverBegun(ClusterRun run, RunEnding ending, RunFault? fault) => new()
    {
        RunId = run.Request.RunId,
        Ending = ending,
        Started = DateTimeOffset.UtcNow,
        CommandLine = run.Request.Command,
        Diagnostics = fault is null ? run.Diagnostics : [.. run.Diagnostics, fault.Why],
        Fault = fault,
    };

    // As it was handed over: the project may have changed since.
    private static IReadOnlyList<string> CommandLine(RunFiles files, RunRequest request)
    {
        try
        {
            return File.ReadAllText(files.Command).Split('\0')[..^1];
        }
        catch (IOException)
        {
            return request.Command;
        }
    }
}
