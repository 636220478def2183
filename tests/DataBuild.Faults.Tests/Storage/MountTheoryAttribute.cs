namespace DataBuild.Faults.Tests.Storage;

/// <summary>As <see cref="MountFactAttribute"/>, with data.</summary>
internal sealed class MountTheoryAttribute : TheoryAttribute
{
    public MountTheoryAttribute()
    {
        if (!PrivateMounts.ArePossible)
        {
            Skip = "needs the right to mount (CAP_SYS_ADMIN): run the tests as root to include it";
        }
    }
}
