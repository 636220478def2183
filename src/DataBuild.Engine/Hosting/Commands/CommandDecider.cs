using DataBuild.Engine.Diagnostics;
using DataBuild.V1;

namespace DataBuild.Engine.Hosting.Commands;

/// <summary>From a command to its decision. What is refused is a report with an error, and no event.</summary>
internal static class CommandDecider
{
    /// <summary>Version of the contract in proto/databuild/v1/command.proto.</summary>
    public const uint Version = 1;

    public static CommandDecision Decide(CommandRequest request, CommandContext context)
    {
        var decision = Guarded(request, context);
        var report = decision.Report;
        report.CommandId = request.CommandId;
        report.Verb = VerbOf(request);
        report.Preview = request.Preview;
        report.EnginePid = context.EnginePid;
        report.Changed = !request.Preview && decision.Events.Count + decision.EndRuns.Count > 0;
        report.LogOffset = context.State.Offset;
        return decision;
    }

    public static string VerbOf(CommandRequest request) => request.CommandCase.ToString().ToLowerInvariant();

    private static CommandDecision Guarded(CommandRequest request, CommandContext context)
    {
        try
        {
            if (request.ProtocolVersion != Version || request.CommandId.Length is 0 or > 100)
            {
                throw new DataBuildException(
                    Rules.CommandRefused, $"a command of version {request.ProtocolVersion} came to an engine of version {Version}; use the databuild that runs the build");
            }

            return Decided(request, context);
        }
        catch (DataBuildException e)
        {
            var refused = new CommandDecision();
            refused.Report.Error = e.ToDiagnostic();
            return refused;
        }
    }

    private static CommandDecision Decided(CommandRequest request, CommandContext context) => request.CommandCase switch
    {
        CommandRequest.CommandOneofCase.Want => Wanting.Decide(request.Want, request.CommandId, context),
        CommandRequest.CommandOneofCase.Cancel => Canceling.Decide(request.Cancel, context),
        CommandRequest.CommandOneofCase.Taint => Tainting.Decide(request.Taint, request.CommandId, context),
        CommandRequest.CommandOneofCase.Untaint => Untainting.Decide(request.Untaint, context),
        CommandRequest.CommandOneofCase.Retry => Retrying.Decide(request.Retry, context),
        CommandRequest.CommandOneofCase.Accept => Accepting.Decide(request.Accept, context),
        CommandRequest.CommandOneofCase.Adopt or CommandRequest.CommandOneofCase.Rename when context.IsLive => throw new DataBuildException(
            Rules.BuildUnderWay, $"a build is under way, process {context.EnginePid}; {VerbOf(request)} when it has ended"),
        CommandRequest.CommandOneofCase.Adopt => Adopting.Decide(request.Adopt, context),
        CommandRequest.CommandOneofCase.Rename => Renaming.Decide(request.Rename, request.CommandId, context),
        _ => throw new DataBuildException(Rules.CommandRefused, "a command came that asks for nothing this version knows; use the databuild that runs the build"),
    };
}
