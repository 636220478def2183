using System.Text;

namespace DataBuild.Cli.Output;

internal sealed class PlainPage(Stream stream) : Page
{
    private readonly StreamWriter writer = new(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 1 << 16) { NewLine = "\n" };

    public override void Line(params ReadOnlySpan<Word> words)
    {
        var line = new StringBuilder();
        foreach (var word in words)
        {
            line.Append(word.Text);
        }

        writer.WriteLine(line.ToString().TrimEnd());
    }

    public override void Dispose()
    {
        writer.Flush();
        base.Dispose();
    }
}
