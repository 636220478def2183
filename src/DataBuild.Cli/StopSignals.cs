using System.Runtime.InteropServices;

namespace DataBuild.Cli;

/// <summary>INT, TERM and HUP ask to stop; the process goes on until it has. A second INT or TERM asks to do it without grace.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource stop;
    private readonly CancellationTokenSource hurry = new();
    private readonly PosixSignalRegistration[] registrations;
    private bool asked;

    public StopSignals(CancellationTokenSource stop)
    {
        this.stop = stop;
        registrations = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP }.Select(signal => PosixSignalRegistration.Create(signal, Received))];
    }

    /// <summary>Cancelled when whoever waits has no patience left.</summary>
    public CancellationToken Hurry => hurry.Token;

    public void Dispose()
    {
        Array.ForEach(registrations, registration => registration.Dispose());
        hurry.Dispose();
    }

    private void Received(PosixSignalContext context)
    {
        context.Cancel = true;
        lock (hurry)
        {
            stop.Cancel();

            // A terminal that goes away may say so twice: that is no impatience.
            if (asked && context.Signal != PosixSignal.SIGHUP)
            {
                hurry.Cancel();
            }

            asked = true;
        }
    }
}
