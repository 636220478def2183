using System.Runtime.InteropServices;

namespace DataBuild.Cli;

/// <summary>INT, TERM and HUP ask to stop; the process goes on until it has.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly PosixSignalRegistration[] registrations;

    public StopSignals(CancellationTokenSource stop) => registrations =
        [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP }.Select(signal => PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            stop.Cancel();
        }))];

    public void Dispose() => Array.ForEach(registrations, registration => registration.Dispose());
}
