using System.Text.Json;
using System.Text.RegularExpressions;
using DataBuild.Engine.Diagnostics;
using DataBuild.Service.Methods;
using DataBuild.V1;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace DataBuild.Service.Http;

/// <summary>
/// An error has one form, whoever met it: by gRPC a status, by HTTP {"code": "DBLD...", "message": "..."}. What transcoding, routing
/// and the server itself say of errors is brought into that form.
/// </summary>
internal sealed partial class ErrorBody(RequestDelegate next)
{
    /// <summary>It is never part of a page: quotes may be read as they are.</summary>
    private static readonly JsonWriterOptions written = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public async Task InvokeAsync(HttpContext context)
    {
        bool isGrpc = context.Request.ContentType?.StartsWith("application/grpc", StringComparison.Ordinal) == true;
        if (isGrpc)
        {
            await GuardedAsync(context, isGrpc).ConfigureAwait(false);
            return;
        }

        var real = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        var body = new HeldErrors(real.Stream, context.Response);
        var held = new StreamResponseBodyFeature(body, real);
        context.Features.Set<IHttpResponseBodyFeature>(held);
        try
        {
            await GuardedAsync(context, isGrpc).ConfigureAwait(false);
            await held.CompleteAsync().ConfigureAwait(false);
        }
        finally
        {
            context.Features.Set(real);
        }

        if (context.Response.StatusCode >= 400 && !context.Response.HasStarted)
        {
            var (code, message) = Said(body.Held, context.Response.StatusCode);
            await WriteAsync(context, code, message).ConfigureAwait(false);
        }
    }

    private async Task GuardedAsync(HttpContext context, bool isGrpc)
    {
        try
        {
            await next(context).ConfigureAwait(false);
        }
        catch (DataBuildException e) when (!context.Response.HasStarted)
        {
            var error = Statuses.Of(e.ToDiagnostic());
            if (isGrpc)
            {
                context.Response.ContentType = "application/grpc";
                context.Response.Headers["grpc-status"] = ((int)error.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture);
                context.Response.Headers["grpc-message"] = Uri.EscapeDataString(error.Status.Detail);
                context.Response.Headers[Statuses.DiagnosticTrailer] = Convert.ToBase64String(e.ToDiagnostic().ToByteArray());
                return;
            }

            context.Response.StatusCode = HttpOf(error.StatusCode);
            await WriteAsync(context, e.Rule.Code, e.Message).ConfigureAwait(false);
        }
        catch (BadHttpRequestException e) when (!context.Response.HasStarted)
        {
            context.Response.StatusCode = e.StatusCode;
            await WriteAsync(context, Rules.BadRequest.Code, $"the request cannot be read: {e.Message}").ConfigureAwait(false);
        }
    }

    /// <summary>What was said of an error, by the service itself or by who knows no codes.</summary>
    private static (string Code, string Message) Said(ReadOnlyMemory<byte> body, int status)
    {
        string message = "";
        try
        {
            using var json = JsonDocument.Parse(body);
            if (json.RootElement.TryGetProperty("message", out var text))
            {
                message = text.GetString() ?? "";
            }

            if (json.RootElement.TryGetProperty("code", out var own) && own.ValueKind == JsonValueKind.String)
            {
                return (own.GetString()!, message);
            }
        }
        catch (JsonException)
        {
            // Not JSON, or nothing at all.
            message = "";
        }

        return Coded().Match(message) is { Success: true } coded ? (coded.Groups[1].Value, coded.Groups[2].Value)
            : status is 404 ? (Rules.NoSuchThing.Code, "there is nothing at this path; /openapi/v1.json has the paths")
            : status is 405 ? (Rules.BadRequest.Code, "this path takes another method; /openapi/v1.json has the methods of each path")
            : status >= 500 ? (Rules.ServiceFailed.Code, message.Length > 0 ? message : "the service met an error of its own; please report what it wrote on its stderr")
            : (Rules.BadRequest.Code, message.Length > 0 ? new DataBuildException(Rules.BadRequest, message).Message : $"the request cannot be answered (HTTP {status}); /openapi/v1.json describes each request");
    }

    private static async Task WriteAsync(HttpContext context, string code, string message)
    {
        if (code == Rules.NotAuthorized.Code)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
        }

        context.Response.ContentType = "application/json";
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text, written))
        {
            json.WriteStartObject();
            json.WriteString("code", code);
            json.WriteString("message", message);
            json.WriteEndObject();
        }

        context.Response.ContentLength = text.Length;
        await context.Response.Body.WriteAsync(text.GetBuffer().AsMemory(0, (int)text.Length), context.RequestAborted).ConfigureAwait(false);
    }

    private static int HttpOf(StatusCode code) => code switch
    {
        StatusCode.InvalidArgument or StatusCode.OutOfRange or StatusCode.FailedPrecondition => 400,
        StatusCode.Unauthenticated => 401,
        StatusCode.PermissionDenied => 403,
        StatusCode.NotFound => 404,
        StatusCode.AlreadyExists or StatusCode.Aborted => 409,
        StatusCode.ResourceExhausted => 429,
        StatusCode.Unavailable => 503,
        _ => 500,
    };

    [GeneratedRegex(@"^(DBLD\d{4}): (.*)$", RegexOptions.Singleline)]
    private static partial Regex Coded();
}
