namespace DataBuild.Engine.Files;

/// <summary>
/// Whether a modification time is too fresh to tell the next write from the last one. File systems stamp with a coarse clock: a file
/// read and then written again within one tick may keep size, inode and time. Such a file gets no stamp and is read once more, the
/// next time it is looked at; so the rule costs one read of what was written moments before, and misses nothing.
/// </summary>
internal static class FileAge
{
    /// <summary>Twice the coarsest tick of a Linux kernel (10 ms).</summary>
    private const long TickNs = 20_000_000;

    /// <summary>FAT counts in two seconds, older NFS and HFS+ in one; seen by a time without a fraction.</summary>
    private const long WholeSecondsNs = 2_000_000_000;

    /// <param name="identity">The file when it was opened to be read.</param>
    /// <param name="now">From before it was opened.</param>
    public static bool IsTooYoung(FileIdentity identity, DateTimeOffset now)
    {
        var age = ((now - DateTimeOffset.UnixEpoch).Ticks * 100) - identity.ModifiedNs;
        var tick = identity.ModifiedNs % 1_000_000_000 == 0 ? WholeSecondsNs : TickNs;
        // A time slightly ahead is a server's clock; one far ahead was set by hand, and any later write would change it.
        return age < tick && age > -WholeSecondsNs;
    }
}
