using System.Text.RegularExpressions;
using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Hosting;
using DataBuild.V1;
using Grpc.Core;

namespace DataBuild.Service.Methods;

/// <summary>Commands. Each is answered when what it did is stored; a refused one is an error.</summary>
internal sealed partial class ServiceMethods
{
    private const string KeyHeader = "idempotency-key";

    public override Task<CommandReport> CreateWant(CreateWantRequest request, ServerCallContext context) =>
        DoAsync(new CommandRequest { CommandId = request.CommandId, Preview = request.Preview, Want = request.Want ?? new WantCommand() }, context);

    public override Task<CommandReport> CancelWant(CancelWantRequest request, ServerCallContext context) =>
        request.WantId.StartsWith("want-", StringComparison.Ordinal)
            ? DoAsync(new CommandRequest { CommandId = request.CommandId, Preview = request.Preview, Cancel = new CancelCommand { Target = request.WantId, Comment = request.Comment } }, context)
            : throw new DataBuildException(Rules.NoSuchThing, $"there is no want '{request.WantId}' that was made by hand; /api/v1/wants lists them");

    public override Task<CommandReport> CancelRun(CancelRunRequest request, ServerCallContext context) =>
        Guid.TryParseExact(request.RunId, "D", out _)
            ? DoAsync(new CommandRequest { CommandId = request.CommandId, Preview = request.Preview, Cancel = new CancelCommand { Target = request.RunId, Comment = request.Comment } }, context)
            : throw new DataBuildException(Rules.NoSuchRun, $"'{request.RunId}' is no run's whole id; /api/v1/runs lists them");

    public override Task<CommandReport> CreateTaint(CreateTaintRequest request, ServerCallContext context) =>
        DoAsync(new CommandRequest { CommandId = request.CommandId, Preview = request.Preview, Taint = request.Taint ?? new TaintCommand() }, context);

    public override Task<CommandReport> LiftTaints(LiftTaintsRequest request, ServerCallContext context) =>
        DoAsync(new CommandRequest { CommandId = request.CommandId, Preview = request.Preview, Untaint = request.Untaint ?? new UntaintCommand() }, context);

    public override Task<CommandReport> RetryPartitions(RetryPartitionsRequest request, ServerCallContext context) =>
        DoAsync(new CommandRequest { CommandId = request.CommandId, Preview = request.Preview, Retry = request.Retry ?? new RetryCommand() }, context);

    public override Task<CommandReport> AcceptPartitions(AcceptPartitionsRequest request, ServerCallContext context) =>
        DoAsync(new CommandRequest { CommandId = request.CommandId, Preview = request.Preview, Accept = request.Accept ?? new AcceptCommand() }, context);

    public override Task<CommandReport> Command(CommandRequest request, ServerCallContext context) => DoAsync(request.Clone(), context);

    private async Task<CommandReport> DoAsync(CommandRequest command, ServerCallContext context)
    {
        Checks.Check(command);
        command.CommandId = Key(command, context);
        command.ProtocolVersion = command.ProtocolVersion == 0 ? CommandSession.Version : command.ProtocolVersion;
        if (command.CommandCase == CommandRequest.CommandOneofCase.None)
        {
            throw new DataBuildException(Rules.BadRequest, "the request has no command; /openapi/v1.json describes it");
        }

        var report = await door.AskAsync(command, context.CancellationToken).ConfigureAwait(false);
        return report.Error is { } refused ? throw Statuses.Of(refused) : report;
    }

    /// <summary>Given in the request or, over HTTP, by a header. A preview changes nothing and needs none.</summary>
    private static string Key(CommandRequest command, ServerCallContext context)
    {
        string key = command.CommandId.Length > 0 ? command.CommandId : context.RequestHeaders.GetValue(KeyHeader) ?? "";
        if (key.Length == 0 && command.Preview)
        {
            return "preview";
        }

        return KeyForm().IsMatch(key) ? key : throw new DataBuildException(
            Rules.NoIdempotencyKey,
            $"{(key.Length == 0 ? "the request has no key" : "the key is none")}: send a command_id, or over HTTP the header Idempotency-Key, of 1 to 100 letters, digits, '-', '_' and '.', a new one for each command");
    }

    [GeneratedRegex(@"^[A-Za-z0-9._-]{1,100}\z")]
    private static partial Regex KeyForm();
}
