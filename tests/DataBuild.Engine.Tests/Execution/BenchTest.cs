using System.Diagnostics.CodeAnalysis;

namespace DataBuild.Engine.Tests.Execution;

/// <summary>A test with an executor of its own.</summary>
[SuppressMessage("Design", "CA1001", Justification = "xunit disposes through IAsyncLifetime.")]
public abstract class BenchTest : IAsyncLifetime
{
    private protected Bench Bench { get; } = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => Bench.DisposeAsync().AsTask();
}
