namespace DataBuild.Faults.Tests.PowerLoss;

/// <summary>A test that records what real engines ask of the file system.</summary>
internal sealed class StraceFactAttribute : FactAttribute
{
    public const string Needs = "needs strace and the right to trace: apt-get install strace";

    public StraceFactAttribute()
    {
        if (!Recorder.IsPossible)
        {
            Skip = Needs;
        }
    }
}
