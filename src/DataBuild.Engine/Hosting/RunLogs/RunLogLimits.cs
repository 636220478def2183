using System.Globalization;
using DataBuild.Engine.Graph;
using DataBuild.V1;

namespace DataBuild.Engine.Hosting.RunLogs;

/// <summary>How long the logs of runs are kept, and how large all of them may become; null for no limit.</summary>
internal sealed record RunLogLimits(TimeSpan? Age, long? Bytes)
{
    public static RunLogLimits Of(EngineRequest request) => new(request.RunLogAge?.ToTimeSpan(), request.HasRunLogBytes ? request.RunLogBytes : null);

    public bool IsUnlimited => Age is null && Bytes is null;

    /// <summary>As people are told: "30d and 1GB".</summary>
    public override string ToString() => string.Join(" and ", Parts());

    private IEnumerable<string> Parts()
    {
        if (Age is { } age)
        {
            yield return Durations.Format(age);
        }

        if (Bytes is { } bytes)
        {
            yield return Size(bytes);
        }
    }

    /// <summary>In the largest unit that it is a whole number of, as it is declared.</summary>
    private static string Size(long bytes)
    {
        string[] units = ["B", "KB", "MB", "GB", "TB"];
        int unit = 0;
        while (unit < units.Length - 1 && bytes > 0 && bytes % 1024 == 0)
        {
            (bytes, unit) = (bytes / 1024, unit + 1);
        }

        return string.Create(CultureInfo.InvariantCulture, $"{bytes}{units[unit]}");
    }
}
