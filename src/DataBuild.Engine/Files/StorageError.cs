using System.Runtime.InteropServices;
using DataBuild.Engine.Diagnostics;

namespace DataBuild.Engine.Files;

/// <summary>Turns error numbers into coded errors.</summary>
internal static class StorageError
{
    public static string Text(Errno error) => Marshal.GetPInvokeErrorMessage((int)error);

    /// <summary>For an operation within the data root; <paramref name="what"/> reads on from "cannot".</summary>
    public static DataBuildException Of(Errno error, string what) => error switch
    {
        Errno.NoSpace or Errno.Quota => new(
            Rules.DataRootFull, $"cannot {what}: {Text(error)}; free space and build again, what is published stays"),
        Errno.ReadOnly => new(
            Rules.DataRootReadOnly, $"cannot {what}: {Text(error)}; mount the data root for writing and build again"),
        Errno.CrossDevice => new(
            Rules.OtherFileSystem, $"cannot {what}: it lies on another file system than the data root; mount the data root as a whole"),
        _ => new(Rules.DataRootFailed, $"cannot {what}: {Text(error)}; mend that and build again, what was committed is published then"),
    };

    public static DataBuildException Unreadable(string path, string why) =>
        new(Rules.FileUnreadable, $"cannot read '{path}': {why}; correct its permissions or the path");
}
