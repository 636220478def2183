using DataBuild.V1;

namespace DataBuild.Engine.Hosting.Serving;

/// <summary>What a service cannot follow while it runs: where log, data and run logs are, since it holds them open and others know it by them.</summary>
internal static class FixedValues
{
    private static readonly (string Property, Func<EngineRequest, string> Of, Action<EngineRequest, string> Set)[] all =
    [
        ("the project file", request => request.ProjectFile, (request, value) => request.ProjectFile = value),
        ("DataBuildDataRoot", request => request.DataRoot, (request, value) => request.DataRoot = value),
        ("DataBuildStateDirectory", request => request.StateDirectory, (request, value) => request.StateDirectory = value),
        ("DataBuildLog", request => request.Log, (request, value) => request.Log = value),
        ("DataBuildEnvironment", request => request.Environment, (request, value) => request.Environment = value),
    ];

    /// <summary>What differs of them, in words; empty if nothing does.</summary>
    public static string Difference(EngineRequest now, EngineRequest compiled) => string.Join(
        ", ", all.Where(value => value.Of(now) != value.Of(compiled)).Select(value => $"{value.Property} is '{value.Of(compiled)}' now and was '{value.Of(now)}'"));

    /// <summary>The request as it is now, but for these.</summary>
    public static EngineRequest Of(EngineRequest now, EngineRequest compiled)
    {
        var followed = new EngineRequest(compiled);
        foreach (var value in all)
        {
            value.Set(followed, value.Of(now));
        }

        return followed;
    }
}
