using Microsoft.Extensions.Hosting;

namespace DataBuild.Service;

/// <summary>The service hears of signals itself; what serves its network API does as it is told.</summary>
internal sealed class NoLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
