using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace DataBuild.Jobs;

/// <summary>
/// Writes the protobuf JSON of <c>JobMessage</c>, a line each, to the messages file; by hand, where there is none, to standard error.
/// </summary>
internal sealed class JobMessages(string file, Func<TextWriter> error)
{
    // Lines are read by a JSON parser and by people, never by a browser.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Lock gate = new();

    public void MissingDeps(string @for, IEnumerable<string> refs) => Strings(@for, "missingDeps", "refs", refs);

    public void ReadDeps(string @for, IEnumerable<string> refs) => Strings(@for, "readDeps", "refs", refs);

    public void ReadFiles(string @for, IEnumerable<string> paths) => Strings(@for, "readFiles", "paths", paths);

    public void PartitionDone(string @for, IEnumerable<KeyValuePair<string, string>> metadata) =>
        Write(@for, "partitionDone", json =>
        {
            json.WriteStartObject("metadata");
            foreach ((string name, string value) in metadata)
            {
                json.WriteString(name, value);
            }

            json.WriteEndObject();
        });

    public void PartitionFailed(string @for, string reason, bool? retryable) =>
        Write(@for, "partitionFailed", json =>
        {
            json.WriteString("reason", OneLine(reason));
            if (retryable is { } value)
            {
                json.WriteBoolean("retryable", value);
            }
        });

    public void Progress(string @for, double fraction, string text) =>
        Write(@for, "progress", json =>
        {
            json.WriteNumber("fraction", double.IsNaN(fraction) ? 0 : Math.Clamp(fraction, 0, 1));
            json.WriteString("text", OneLine(text));
        });

    public void RetryAfter(string @for, double seconds, string reason) =>
        Write(@for, "retryAfter", json =>
        {
            json.WriteNumber("seconds", Math.Max(0, seconds));
            json.WriteString("reason", OneLine(reason));
        });

    private static string OneLine(string text) => text.ReplaceLineEndings(" ").Trim();

    private void Strings(string @for, string message, string list, IEnumerable<string> values) =>
        Write(@for, message, json =>
        {
            json.WriteStartArray(list);
            foreach (string value in values)
            {
                json.WriteStringValue(value);
            }

            json.WriteEndArray();
        });

    private void Write(string @for, string message, Action<Utf8JsonWriter> body)
    {
        using var line = new MemoryStream();
        using (var json = new Utf8JsonWriter(line, Options))
        {
            json.WriteStartObject();
            json.WriteStartArray("for");
            json.WriteStringValue(@for);
            json.WriteEndArray();
            json.WriteStartObject(message);
            body(json);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        line.WriteByte((byte)'\n');
        lock (gate)
        {
            if (file.Length == 0)
            {
                error().Write(Encoding.UTF8.GetString(line.GetBuffer(), 0, (int)line.Length));
                return;
            }

            // Opened anew for each message: a program that the job started may append to the same file, and a stream kept open
            // would write over its lines.
            using var stream = new FileStream(file, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            stream.Write(line.GetBuffer(), 0, (int)line.Length);
        }
    }
}
