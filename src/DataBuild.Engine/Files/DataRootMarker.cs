using System.Text.Json;

namespace DataBuild.Engine.Files;

/// <summary>
/// The file that ties a data root to its log, so that an unmounted disk is not taken for a million lost partitions and two logs
/// never publish into one folder. Text, so that people can read and mend it: <c>{"log":"..."}</c>.
/// </summary>
internal static class DataRootMarker
{
    public static string Text(string logId) => $"{{\"log\":{JsonSerializer.Serialize(logId)}}}\n";

    /// <summary>Null if the text names no log.</summary>
    public static string? LogIdIn(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            return json.RootElement.ValueKind == JsonValueKind.Object
                && json.RootElement.TryGetProperty("log", out var log)
                && log.ValueKind == JsonValueKind.String
                && log.GetString() is { Length: > 0 } id ? id : null;
        }
        catch (Exception damaged) when (damaged is JsonException or InvalidOperationException or ArgumentException)
        {
            // What the caller is told by null. The others are thrown for half of a surrogate pair, escaped or not.
            return null;
        }
    }
}
