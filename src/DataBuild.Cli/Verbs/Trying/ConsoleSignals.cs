using System.Runtime.InteropServices;

namespace DataBuild.Cli.Verbs.Trying;

/// <summary>
/// As for a build INT, TERM and HUP ask to stop; but while a job has the terminal, what is typed there (Ctrl-C, Ctrl-\) is for the job,
/// which gets it by itself, and this process waits for what the job makes of it.
/// </summary>
internal sealed class ConsoleSignals : IDisposable
{
    private readonly PosixSignalRegistration[] registrations;
    private volatile bool jobHasTerminal;

    public ConsoleSignals(CancellationTokenSource stop) => registrations =
        [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGQUIT, PosixSignal.SIGTERM, PosixSignal.SIGHUP }.Select(signal => PosixSignalRegistration.Create(signal, context =>
        {
            bool isTyped = signal is PosixSignal.SIGINT or PosixSignal.SIGQUIT;
            context.Cancel = true;
            if (!isTyped || !jobHasTerminal)
            {
                stop.Cancel();
            }
        }))];

    /// <summary>From now on; where there is no terminal nothing is typed, and INT comes from who wants this process to stop.</summary>
    public void LeaveToJob() => jobHasTerminal = !Console.IsInputRedirected || !Console.IsOutputRedirected || !Console.IsErrorRedirected;

    public void Dispose() => Array.ForEach(registrations, registration => registration.Dispose());
}
