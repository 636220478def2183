using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace DataBuild.MSBuild.Tests.Ci;

/// <summary>A logger for MSBuild, which loads it from this assembly: a line a diagnostic, with what no log file keeps. Its parameter is the file.</summary>
public sealed class LinkLogger : Logger
{
    private readonly List<string> lines = [];

    public override void Initialize(IEventSource eventSource)
    {
        eventSource.ErrorRaised += (_, e) => lines.Add($"{e.Code}|{e.HelpKeyword}|{e.HelpLink}");
        eventSource.WarningRaised += (_, e) => lines.Add($"{e.Code}|{e.HelpKeyword}|{e.HelpLink}");
    }

    public override void Shutdown() => File.WriteAllLines(Parameters!, lines);
}
