namespace DataBuild.Simulation.Tests;

/// <summary>The simulated engine is dead: nothing of it runs any more, and nothing it has is written.</summary>
internal sealed class EngineDiedException() : Exception("the engine died");
