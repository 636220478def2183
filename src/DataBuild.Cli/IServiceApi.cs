namespace DataBuild.Cli;

/// <summary>The network API of a service, while it listens. Disposed of when the service has ended.</summary>
internal interface IServiceApi : IAsyncDisposable
{
    /// <summary>Ends what is under way and takes nothing more.</summary>
    void Drain();
}
