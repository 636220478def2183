namespace DataBuild.Tasks.Engine;

/// <summary>What a task and an engine must agree on.</summary>
internal static class EngineContract
{
    /// <summary>Version of engine.proto that this task speaks.</summary>
    public const uint Version = 1;

    /// <summary>The engine's one argument when it is run for a build.</summary>
    public const string Argument = "engine";

    /// <summary>In the environment of every job, with the value that the engine names when it is ready.</summary>
    public const string MarkerVariable = "DATABUILD_ENGINE";

    /// <summary>More than any message can be; anything larger is no message.</summary>
    public const int MostMessageBytes = 64 * 1024 * 1024;
}
