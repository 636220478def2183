using DataBuild.Cli.Output;
using DataBuild.Cli.Remote;
using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Hosting;
using DataBuild.Engine.Hosting.Queries;
using DataBuild.V1;

namespace DataBuild.Cli.Verbs.Changing;

/// <summary>A verb that changes something: carries a command to whoever can decide it, and shows the report.</summary>
internal sealed class ChangeVerb
{
    private readonly CommandRequest request;
    private readonly bool json;

    public ChangeVerb(CommandRequest request, bool json, bool preview)
    {
        this.request = request;
        this.json = json;
        request.ProtocolVersion = CommandSession.Version;
        request.CommandId = Guid.CreateVersion7().ToString("N");
        request.Preview = preview;
    }

    /// <summary>On the log alone.</summary>
    public Task<int> RunAsync(LogPlace place) => Guarded(async stop =>
        Show(await Session(null).OnLogAsync(place, stop).ConfigureAwait(false)));

    /// <summary>By a service elsewhere.</summary>
    public Task<int> RunAsync(Uri server) => Guarded(stop => Task.Run(() =>
    {
        using var service = RemoteService.Open(server);
        return Show(new RemoteQuestions(service).Command(request, stop));
    }));

    /// <summary>On the project as it is now; compiled unless a build at work takes the command.</summary>
    public Task<int> RunAsync(Func<string> project, LogPlace place, IReadOnlyList<string> properties) => Guarded(async stop =>
    {
        if (await Session(null).OnLiveEngineAsync(place, stop).ConfigureAwait(false) is { } live)
        {
            return Show(live);
        }

        string projectFile = project();
        if (await DotnetBuild.CompileAsync(projectFile, properties, stop).ConfigureAwait(false) is not { } requestFile)
        {
            return ExitCodes.Invalid;
        }

        return Show(await Session(projectFile).OnProjectAsync(Requests.Read(requestFile, projectFile), stop).ConfigureAwait(false));
    });

    private CommandSession Session(string? projectFile) => new(
        request,
        diagnostic => Console.Error.WriteLine(DiagnosticText.Of(diagnostic, projectFile)),
        TimeProvider.System);

    private static async Task<int> Guarded(Func<CancellationToken, Task<int>> run)
    {
        using var stop = new CancellationTokenSource();
        using var signals = new StopSignals(stop);
        try
        {
            return await run(stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return ExitCodes.Canceled;
        }
    }

    private int Show(CommandReport report)
    {
        if (report.Error is { } error)
        {
            Console.Error.WriteLine(DiagnosticText.Of(error, projectFile: null));
            return CodeOf(error);
        }

        if (json)
        {
            Json.Write(report);
            return ExitCodes.Success;
        }

        using var page = Page.Stdout();
        ChangeText.Show(page, report);
        return ExitCodes.Success;
    }

    /// <summary>A set, ref or id that makes no sense is a wrong argument.</summary>
    private static int CodeOf(Diagnostic error) =>
        error.Code.StartsWith("DBLD3", StringComparison.Ordinal) || error.Code.StartsWith("DBLD21", StringComparison.Ordinal) ? ExitCodes.Invalid
        : Rules.All.FirstOrDefault(rule => rule.Code == error.Code) is { } rule ? ExitCodes.Of(rule)
        : ExitCodes.Failed;
}
