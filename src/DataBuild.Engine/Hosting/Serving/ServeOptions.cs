namespace DataBuild.Engine.Hosting.Serving;

/// <summary>How a service is run.</summary>
public sealed record ServeOptions
{
    /// <summary>How often the files of all that is wanted are looked at, whatever was seen of changes.</summary>
    public TimeSpan SweepInterval { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Watch files. Off for who simulates them.</summary>
    public bool Watches { get; init; } = true;

    /// <summary>Begin again after a failure that may pass. Off for who wants to see it.</summary>
    public bool Restarts { get; init; } = true;

    /// <summary>Compiles the project anew; null where it cannot be, which it has said why.</summary>
    public Func<CancellationToken, Task<V1.EngineRequest?>>? Compile { get; init; }

    /// <summary>By which others of this process ask the service; null where nobody does.</summary>
    public ServiceDoor? Door { get; init; }

    /// <summary>What runs the jobs; processes of this machine unless set.</summary>
    internal Func<Ports.IRunSink, Ports.IJobExecutor>? Executor { get; init; }

    /// <summary>What happens while the loop waits, in place of time that passes: for who simulates it.</summary>
    internal Action<TimeSpan>? Idle { get; init; }
}
