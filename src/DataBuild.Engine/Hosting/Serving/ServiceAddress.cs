using System.Text.Json;
using DataBuild.Engine.Hosting.Queries;

namespace DataBuild.Engine.Hosting.Serving;

/// <summary>Where a service can be asked over the network: the file service.json of its state directory, there while it serves.</summary>
public sealed record ServiceAddress(string Url, int Pid)
{
    public static string FileIn(string stateDirectory) => Path.Combine(stateDirectory, "service.json");

    /// <summary>Null where no service with an address has the log. The file of one that was killed is not believed.</summary>
    public static ServiceAddress? Of(LogPlace place)
    {
        string file = FileIn(place.StateDirectory);
        if (!File.Exists(file) || Writer.Of(place.Log) is not { } writer)
        {
            return null;
        }

        try
        {
            using var json = JsonDocument.Parse(File.ReadAllText(file));
            var address = new ServiceAddress(json.RootElement.GetProperty("url").GetString() ?? "", json.RootElement.GetProperty("pid").GetInt32());
            return address.Pid == writer.Pid && writer.Host == Environment.MachineName ? address : null;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or IOException)
        {
            // Half of it, or another's: as good as none.
            return null;
        }
    }

    /// <summary>Said by the holder of the log's lease alone.</summary>
    public void Write(string stateDirectory)
    {
        string made = $"{FileIn(stateDirectory)}.{Pid}";
        StateFolder.Guarded(stateDirectory, () =>
        {
            using (var file = File.Create(made))
            using (var json = new Utf8JsonWriter(file))
            {
                json.WriteStartObject();
                json.WriteString("url", Url);
                json.WriteNumber("pid", Pid);
                json.WriteEndObject();
            }

            File.Move(made, FileIn(stateDirectory), overwrite: true);
        });
    }

    /// <summary>Takes back what this process said.</summary>
    public void Remove(string stateDirectory)
    {
        string file = FileIn(stateDirectory);
        if (File.Exists(file) && File.ReadAllText(file).Contains($"\"pid\":{Pid}}}", StringComparison.Ordinal))
        {
            File.Delete(file);
        }
    }
}
