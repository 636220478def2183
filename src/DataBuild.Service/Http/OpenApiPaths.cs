using System.Text.RegularExpressions;
using Google.Protobuf.Reflection;

namespace DataBuild.Service.Http;

/// <summary>What the pattern of a method's path says to OpenAPI.</summary>
internal static partial class OpenApiPaths
{
    /// <summary>{ref=**} is {ref} there.</summary>
    public static string Plain(string pattern) => Hole().Replace(pattern, "{$1}");

    public static IReadOnlyList<string> Fields(string pattern) => [.. Hole().Matches(pattern).Select(match => match.Groups[1].Value)];

    /// <summary>Fields that are in the query: of messages their own, by a path with dots.</summary>
    public static IEnumerable<(string Name, FieldDescriptor Field)> Query(MessageDescriptor request, IReadOnlyList<string> inPath)
    {
        foreach (var field in request.Fields.InFieldNumberOrder().Where(field => !inPath.Contains(field.Name)))
        {
            if (field.FieldType == FieldType.Message)
            {
                foreach (var inner in field.MessageType.Fields.InFieldNumberOrder())
                {
                    yield return ($"{field.JsonName}.{inner.JsonName}", inner);
                }
            }
            else
            {
                yield return (field.JsonName, field);
            }
        }
    }

    [GeneratedRegex(@"\{(\w+)(=[^}]*)?\}")]
    private static partial Regex Hole();
}
