using DataBuild.Cli.Output;
using DataBuild.Engine.Execution;
using DataBuild.Engine.Hosting.Trying;
using DataBuild.V1;

namespace DataBuild.Cli.Verbs.Trying;

/// <summary>`try`: the job of one ref with the console attached. What we say is on stderr, so that stdout is the job's; with --json it is ours.</summary>
internal sealed class TryVerb(bool json)
{
    private const int StandardOutput = 1;
    private const int StandardError = 2;
    private const int Interrupt = 2;

    public async Task<int> RunAsync(string projectFile, string @ref, bool print, bool keep, string[] properties)
    {
        using var stop = new CancellationTokenSource();
        using var signals = new ConsoleSignals(stop);
        try
        {
            if (await Compiling.RequestAsync(projectFile, properties, stop.Token).ConfigureAwait(false) is not { } request)
            {
                return ExitCodes.Invalid;
            }

            var session = new TrySession(request, @ref, diagnostic => Console.Error.WriteLine(DiagnosticText.Of(diagnostic, projectFile)), TimeProvider.System);
            if (print)
            {
                return Print(session.Print());
            }

            signals.LeaveToJob();
            if (await session.RunAsync(new RunConsole(json ? StandardError : StandardOutput, StandardError), keep, stop.Token).ConfigureAwait(false) is not { } report)
            {
                return ExitCodes.Invalid;
            }

            if (json)
            {
                Json.Write(report);
            }
            else
            {
                TryText.Write(report, request.StartDirectory);
            }

            return report.Outcome?.Done is not null ? ExitCodes.Success
                : report.Outcome is null || report.Signal == Interrupt ? ExitCodes.Canceled
                : ExitCodes.Failed;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return ExitCodes.Canceled;
        }
    }

    private int Print(TryCommand? command)
    {
        if (command is null)
        {
            return ExitCodes.Invalid;
        }

        if (json)
        {
            Json.Write(command);
            return ExitCodes.Success;
        }

        foreach (var input in command.NotLive)
        {
            Console.Out.WriteLine($"# {input.Ref}, which it needs, is not live: {input.Text}");
        }

        Console.Out.Write(command.Script);
        return ExitCodes.Success;
    }
}
