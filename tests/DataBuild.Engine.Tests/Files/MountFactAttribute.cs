namespace DataBuild.Engine.Tests.Files;

/// <summary>A test that mounts file systems of its own.</summary>
internal sealed class MountFactAttribute : FactAttribute
{
    public MountFactAttribute()
    {
        if (!PrivateMounts.ArePossible)
        {
            Skip = "needs the right to mount (CAP_SYS_ADMIN): run the tests as root to include it";
        }
    }
}
