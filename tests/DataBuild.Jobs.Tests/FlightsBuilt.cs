namespace DataBuild.Jobs.Tests;

/// <summary>The sample built once from its own data, for tests that only look.</summary>
public sealed class FlightsBuilt : IDisposable
{
    public FlightsBuilt()
    {
        Engine = Flights.Build(Jobs.Tests.Flights.Reports);
        Data = Flights.Data();
    }

    internal Flights Flights { get; } = new();

    internal LittleEngine Engine { get; }

    internal Dictionary<string, byte[]> Data { get; }

    public void Dispose() => Flights.Dispose();
}
