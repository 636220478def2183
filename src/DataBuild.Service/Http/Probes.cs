using System.Text.Json;
using DataBuild.Engine.Hosting;
using DataBuild.Engine.Hosting.Serving;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace DataBuild.Service.Http;

/// <summary>What a supervisor asks: does the process live, and may it be asked for something.</summary>
internal static class Probes
{
    public static void Map(IEndpointRouteBuilder app, ServiceDoor door, Calls calls, Workspace workspace)
    {
        app.MapGet("/healthz", context => WriteAsync(context, 200, "alive", null));
        app.MapGet("/readyz", context =>
        {
            string? problem = Problem(door, calls, workspace);
            return WriteAsync(context, problem is null ? 200 : 503, problem is null ? "ready" : "not ready", problem);
        });
    }

    /// <summary>Why nothing can be asked of it; null if it is well.</summary>
    public static string? Problem(ServiceDoor door, Calls calls, Workspace workspace) =>
        calls.Ending.IsCancellationRequested ? "it ends"
        : door.Problem is { } problem ? problem
        : Directory.Exists((door.Workspace ?? workspace).DataRoot) ? null
        : $"the data root '{(door.Workspace ?? workspace).DataRoot}' is not there";

    private static async Task WriteAsync(HttpContext context, int status, string word, string? why)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text))
        {
            json.WriteStartObject();
            json.WriteString("status", word);
            if (why is not null)
            {
                json.WriteString("reason", why);
            }

            json.WriteEndObject();
        }

        // An answer of known length, and no error for others to say in their way.
        context.Response.ContentLength = text.Length;
        await context.Response.Body.WriteAsync(text.GetBuffer().AsMemory(0, (int)text.Length), context.RequestAborted).ConfigureAwait(false);
    }
}
