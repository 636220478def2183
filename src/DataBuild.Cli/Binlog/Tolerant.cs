using Google.Protobuf;

namespace DataBuild.Cli.Binlog;

/// <summary>JSON that another version may have written: what this one does not know is left out.</summary>
internal static class Tolerant
{
    private static readonly JsonParser parser = new(JsonParser.Settings.Default.WithIgnoreUnknownFields(true));

    public static T Parse<T>(string json)
        where T : IMessage, new() => parser.Parse<T>(json);
}
