using System.Globalization;

namespace DataBuild.Engine.Log;

/// <summary>
/// The id of an event that was appended without one: the last twelve digits of the log's id, a hyphen, the offset. It isn't stored,
/// for it follows from where the event is.
/// </summary>
public static class EventIds
{
    public static string Of(string logId, ulong offset) =>
        string.Create(CultureInfo.InvariantCulture, stackalloc char[40], $"{logId.AsSpan(logId.Length - 12)}-{offset}");
}
