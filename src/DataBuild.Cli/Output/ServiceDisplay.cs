using System.Globalization;
using DataBuild.V1;

namespace DataBuild.Cli.Output;

/// <summary>What a service says: a line each on stdout, with its time, for people and for whoever keeps the output.</summary>
internal sealed class ServiceDisplay(string projectFile, TimeProvider time) : IDisposable
{
    private readonly Lock gate = new();

    public void On(EngineMessage message)
    {
        lock (gate)
        {
            if (message.Line is { Importance: Importance.High } line)
            {
                Line(line.Text);
            }
            else if (message.Diagnostic is { } diagnostic)
            {
                Line(DiagnosticText.Of(diagnostic, projectFile));
            }
        }
    }

    /// <summary>A line of the service's own.</summary>
    public void Say(string text)
    {
        lock (gate)
        {
            Line(text);
            Console.Out.Flush();
        }
    }

    public void Dispose() => Console.Out.Flush();

    private void Line(string text) => Console.Out.WriteLine($"{time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture)} {text}");
}
