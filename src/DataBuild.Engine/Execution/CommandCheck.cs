using DataBuild.Engine.Ports;

namespace DataBuild.Engine.Execution;

/// <summary>What no process can be given, on whatever machine.</summary>
internal static class CommandCheck
{
    /// <summary>What is wrong with command, refs or environment; null if nothing is.</summary>
    public static string? Problem(RunRequest request)
    {
        if (request.Command.Count == 0 || request.Command[0].Length == 0)
        {
            return "its command is empty";
        }

        if (request.Command.Any(HasNul) || request.Refs.Any(HasNul))
        {
            return "a word of its command or a ref holds a NUL character";
        }

        return request.Environment.Any(variable => HasNul(variable.Key) || HasNul(variable.Value) || variable.Key.Length == 0 || variable.Key.Contains('=', StringComparison.Ordinal))
            ? "its Environment holds a NUL character, an empty name or a name with '='"
            : null;
    }

    private static bool HasNul(string text) => text.Contains('\0', StringComparison.Ordinal);
}
