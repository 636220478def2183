using System.Text.Json;
using System.Text.Json.Nodes;
using DataBuild.V1;
using Google.Api;
using Google.Protobuf.Reflection;
using Microsoft.AspNetCore.Http;

namespace DataBuild.Service.Http;

/// <summary>OpenAPI 3 of the methods that HTTP reaches, made from their descriptors: it cannot say anything else than what is served.</summary>
internal static class OpenApiDocument
{
    private static readonly Lazy<byte[]> text = new(() => JsonSerializer.SerializeToUtf8Bytes(Of(DataBuildService.Descriptor)));

    public static async Task WriteAsync(HttpContext context)
    {
        context.Response.ContentType = "application/json";
        await context.Response.Body.WriteAsync(text.Value, context.RequestAborted).ConfigureAwait(false);
    }

    internal static JsonObject Of(ServiceDescriptor service)
    {
        var schemas = new OpenApiSchemas();
        var paths = new JsonObject();
        foreach (var method in service.Methods)
        {
            var rule = method.GetOptions().GetExtension(AnnotationsExtensions.Http);
            var (verb, pattern) = rule.PatternCase == HttpRule.PatternOneofCase.Get ? ("get", rule.Get) : ("post", rule.Post);
            string path = OpenApiPaths.Plain(pattern);
            if (paths[path] is not JsonObject methods)
            {
                paths[path] = methods = [];
            }

            methods[verb] = Operation(method, pattern, rule.Body == "*", schemas);
        }

        return new JsonObject
        {
            ["openapi"] = "3.0.3",
            ["info"] = new JsonObject { ["title"] = "DataBuild", ["version"] = "v1", ["description"] = "A service that makes what a project wants. Errors are {\"code\", \"message\"} with a code of docs/diagnostics.md." },
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["schemas"] = schemas.All(),
                ["securitySchemes"] = new JsonObject { ["token"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer", ["description"] = "Of a service that listens beyond its machine." } },
            },
        };
    }

    private static JsonObject Operation(MethodDescriptor method, string pattern, bool hasBody, OpenApiSchemas schemas)
    {
        var inPath = OpenApiPaths.Fields(pattern);
        var parameters = new JsonArray();
        foreach (string name in inPath)
        {
            parameters.Add(Parameter(method.InputType.FindFieldByName(name)!, "path", schemas));
        }

        if (!hasBody)
        {
            foreach (var (name, field) in OpenApiPaths.Query(method.InputType, inPath))
            {
                parameters.Add(Parameter(field, "query", schemas, name));
            }
        }

        var operation = new JsonObject { ["operationId"] = method.Name, ["parameters"] = parameters };
        if (hasBody)
        {
            operation["requestBody"] = new JsonObject { ["required"] = true, ["content"] = Content(schemas.Reference(method.InputType)) };
            parameters.Add(new JsonObject { ["name"] = "Idempotency-Key", ["in"] = "header", ["description"] = "In place of commandId.", ["schema"] = new JsonObject { ["type"] = "string" } });
        }

        operation["responses"] = new JsonObject
        {
            ["200"] = new JsonObject
            {
                ["description"] = method.IsServerStreaming ? "A message a line, as they come." : method.OutputType.Name,
                ["content"] = Content(schemas.Reference(method.OutputType)),
            },
            ["default"] = new JsonObject { ["description"] = "An error.", ["content"] = Content(OpenApiSchemas.Error()) },
        };
        return operation;
    }

    private static JsonObject Content(JsonObject schema) => new() { ["application/json"] = new JsonObject { ["schema"] = schema } };

    private static JsonObject Parameter(FieldDescriptor field, string place, OpenApiSchemas schemas, string? name = null) => new()
    {
        ["name"] = name ?? (place == "path" ? field.Name : field.JsonName),
        ["in"] = place,
        ["required"] = place == "path",
        ["schema"] = schemas.Of(field),
    };
}
