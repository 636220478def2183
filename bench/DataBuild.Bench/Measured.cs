namespace DataBuild.Bench;

/// <summary>What a command took.</summary>
/// <param name="Wall">Seconds.</param>
/// <param name="Own">CPU seconds of the process itself, user and system.</param>
/// <param name="Children">CPU seconds of the processes that it waited for.</param>
/// <param name="Peak">MiB that it held at most.</param>
internal sealed record Measured(double Wall, double Own, double Children, double Peak);
