namespace DataBuild.Faults.Tests.PowerLoss;

/// <summary>When the power goes, and what survives.</summary>
internal sealed record Cut(long Time, Survival Survival, int Seed = 0)
{
    public override string ToString() => $"{Time} {Survival} {Seed}";
}
