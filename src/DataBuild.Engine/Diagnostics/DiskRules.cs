namespace DataBuild.Engine.Diagnostics;

/// <summary>Which errors say that the disk failed, whatever the job did: another try may go well once there is room.</summary>
internal static class DiskRules
{
    public static bool IsOfDisk(this DiagnosticRule rule) =>
        rule == Rules.DataRootFull || rule == Rules.DataRootFailed || rule == Rules.DataRootReadOnly || rule == Rules.DataRootWithoutMarker
        || rule == Rules.DataRootTakenOver;
}
