using System.Text.Json.Nodes;
using Google.Protobuf.Reflection;

namespace DataBuild.Service.Http;

/// <summary>Schemas of messages as JSON has them; each that is referred to is described once.</summary>
internal sealed class OpenApiSchemas
{
    private readonly SortedDictionary<string, JsonObject> known = new(StringComparer.Ordinal);

    public static JsonObject Error() => new()
    {
        ["type"] = "object",
        ["required"] = new JsonArray("code", "message"),
        ["properties"] = new JsonObject { ["code"] = Type("string"), ["message"] = Type("string") },
    };

    public JsonObject All()
    {
        var all = new JsonObject();
        foreach (var (name, schema) in known)
        {
            all[name] = schema;
        }

        return all;
    }

    public JsonObject Reference(MessageDescriptor message)
    {
        if (WellKnown(message) is { } simple)
        {
            return simple;
        }

        if (!known.ContainsKey(message.Name))
        {
            var properties = new JsonObject();
            var schema = new JsonObject { ["type"] = "object", ["properties"] = properties };
            known.Add(message.Name, schema);
            foreach (var field in message.Fields.InFieldNumberOrder())
            {
                properties[field.JsonName] = Of(field);
            }
        }

        return new JsonObject { ["$ref"] = $"#/components/schemas/{message.Name}" };
    }

    public JsonObject Of(FieldDescriptor field) => field.IsMap
        ? new JsonObject { ["type"] = "object", ["additionalProperties"] = Single(field.MessageType.FindFieldByNumber(2)!) }
        : field.IsRepeated ? new JsonObject { ["type"] = "array", ["items"] = Single(field) } : Single(field);

    private JsonObject Single(FieldDescriptor field) => field.FieldType switch
    {
        FieldType.Message => Reference(field.MessageType),
        FieldType.Enum => new JsonObject { ["type"] = "string", ["enum"] = new JsonArray([.. field.EnumType.Values.Select(value => (JsonNode)value.Name)]) },
        FieldType.Bool => Type("boolean"),
        FieldType.Double or FieldType.Float => Type("number"),
        FieldType.Bytes => Type("string", "byte"),
        FieldType.Int64 or FieldType.SInt64 or FieldType.SFixed64 => Type("string", "int64"),
        FieldType.UInt64 or FieldType.Fixed64 => Type("string", "uint64"),
        FieldType.String => Type("string"),
        _ => Type("integer"),
    };

    private static JsonObject? WellKnown(MessageDescriptor message) => message.FullName switch
    {
        "google.protobuf.Timestamp" => Type("string", "date-time"),
        "google.protobuf.Duration" => Type("string", "duration"),
        _ => null,
    };

    private static JsonObject Type(string type, string? format = null)
    {
        var schema = new JsonObject { ["type"] = type };
        if (format is not null)
        {
            schema["format"] = format;
        }

        return schema;
    }
}
