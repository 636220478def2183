using System.Text;

namespace DataBuild.Cli.Output;

internal sealed class PlainPage(Stream stream) : Page
{
    private readonly StreamWriter writer = new(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 1 << 16) { NewLine = "\n" };
    private bool readerGone;

    public override void Line(params ReadOnlySpan<Word> words)
    {
        var line = new StringBuilder();
        foreach (var word in words)
        {
            line.Append(word.Text);
        }

        Write(line.ToString().TrimEnd() + "\n");
    }

    public override void Text(string text) => Write(text);

    public override void Flush()
    {
        if (readerGone)
        {
            return;
        }

        try
        {
            writer.Flush();
        }
        catch (IOException e)
        {
            readerGone = true;
            throw new ReaderGoneException(e);
        }
    }

    public override void Dispose()
    {
        Flush();
        base.Dispose();
    }

    private void Write(string text)
    {
        try
        {
            writer.Write(text);
        }
        catch (IOException e)
        {
            readerGone = true;
            throw new ReaderGoneException(e);
        }
    }
}
