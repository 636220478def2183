using Google.Protobuf;

namespace DataBuild.Cli.Output;

/// <summary>Protobuf JSON on stdout.</summary>
internal static class Json
{
    /// <summary>Zeros and empty lists are written out: whoever reads a count should find it.</summary>
    private static readonly JsonFormatter whole = new(JsonFormatter.Settings.Default.WithFormatDefaultValues(true));

    public static void Write(IMessage message)
    {
        using var page = Page.Plain();
        page.Line(Line(message));
    }

    /// <summary>The message as one line.</summary>
    public static string Line(IMessage message) => whole.Format(message);
}
