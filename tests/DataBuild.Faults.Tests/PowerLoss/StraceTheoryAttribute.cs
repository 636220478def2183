namespace DataBuild.Faults.Tests.PowerLoss;

/// <summary>As <see cref="StraceFactAttribute"/>, with data.</summary>
internal sealed class StraceTheoryAttribute : TheoryAttribute
{
    public StraceTheoryAttribute()
    {
        if (!Recorder.IsPossible)
        {
            Skip = StraceFactAttribute.Needs;
        }
    }
}
