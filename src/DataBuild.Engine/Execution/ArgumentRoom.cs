using DataBuild.Engine.Execution.Native;
using DataBuild.Engine.Ports;

namespace DataBuild.Engine.Execution;

/// <summary>Whether a run's refs are arguments of its command, or only lines of its partitions file.</summary>
internal static class ArgumentRoom
{
    private const int ArgumentsName = 0;
    private const long MostArguments = 2 << 20;

    // The kernel's limit for one string, its NUL included.
    private const int LongestString = 128 << 10;

    // Half of what the system takes: what a job starts in turn is given the same arguments and some more environment.
    private static readonly long Limit = Math.Min(Libc.SystemConfiguration(ArgumentsName) is var most and > 0 ? most : MostArguments, MostArguments) / 2;

    /// <summary>Writes the argument vector; true if the refs fit behind the command, else it is the command alone.</summary>
    public static bool Write(NativeStrings arguments, RunRequest request, long environmentSize)
    {
        arguments.Clear();
        foreach (var word in request.Command)
        {
            arguments.Add(word);
        }

        var own = arguments.Longest;
        foreach (var name in request.Refs)
        {
            arguments.Add(name);
        }

        if (arguments.Size + environmentSize <= Limit && (arguments.Longest == own || arguments.Longest <= LongestString))
        {
            return true;
        }

        arguments.CutTo(request.Command.Count);
        return false;
    }
}
