using DataBuild.Engine.Diagnostics;
using DataBuild.V1;
using Google.Protobuf;
using Grpc.Core;

namespace DataBuild.Service.Methods;

/// <summary>From a diagnostic to a status: the message begins with the code, and all of it is in a trailer.</summary>
internal static class Statuses
{
    public const string DiagnosticTrailer = "databuild-diagnostic-bin";
    public const string OffsetTrailer = "databuild-offset";

    private static readonly Dictionary<string, StatusCode> byCode = new(StringComparer.Ordinal)
    {
        [Rules.KeyUsedBefore.Code] = StatusCode.AlreadyExists,
        [Rules.ServiceNotReady.Code] = StatusCode.Unavailable,
        [Rules.ServiceBusy.Code] = StatusCode.ResourceExhausted,
        [Rules.AnswerTooLarge.Code] = StatusCode.ResourceExhausted,
        [Rules.FellBehind.Code] = StatusCode.Aborted,
        [Rules.NotAuthorized.Code] = StatusCode.Unauthenticated,
        [Rules.ForeignOrigin.Code] = StatusCode.PermissionDenied,
        [Rules.NoSuchThing.Code] = StatusCode.NotFound,
        [Rules.NoSuchRun.Code] = StatusCode.NotFound,
        [Rules.NoSuchJob.Code] = StatusCode.NotFound,
        [Rules.UnknownRef.Code] = StatusCode.NotFound,
        [Rules.NothingToCancel.Code] = StatusCode.NotFound,
        [Rules.NothingToTaint.Code] = StatusCode.NotFound,
        [Rules.NoSuchOffset.Code] = StatusCode.OutOfRange,
        [Rules.NoGraphYet.Code] = StatusCode.FailedPrecondition,
        [Rules.StandingWantStays.Code] = StatusCode.FailedPrecondition,
        [Rules.BuildUnderWay.Code] = StatusCode.FailedPrecondition,
        [Rules.ServiceFailed.Code] = StatusCode.Internal,
        [Rules.IllegalHistory.Code] = StatusCode.Internal,
        [Rules.LogReplaced.Code] = StatusCode.Aborted,
    };

    public static StatusCode Of(string code) => byCode.GetValueOrDefault(code, code switch
    {
        // What the caller wrote; and what the log or a disk is to blame for.
        _ when code.StartsWith("DBLD6", StringComparison.Ordinal) => StatusCode.Unavailable,
        _ => StatusCode.InvalidArgument,
    });

    public static RpcException Of(Diagnostic diagnostic, ulong? offset = null)
    {
        var trailers = new Metadata { { DiagnosticTrailer, diagnostic.ToByteArray() } };
        if (offset is { } from)
        {
            trailers.Add(OffsetTrailer, from.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        return new RpcException(new Status(Of(diagnostic.Code), $"{diagnostic.Code}: {diagnostic.Text}"), trailers);
    }
}
