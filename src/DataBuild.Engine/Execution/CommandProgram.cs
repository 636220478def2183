using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Execution.Native;
using DataBuild.Engine.Execution.Output;
using DataBuild.Engine.Ports;
using DataBuild.V1;

namespace DataBuild.Engine.Execution;

/// <summary>
/// Which file a command's first word means: itself if it is a full path, relative to the working directory if it has a slash, else the
/// first executable of that name in the job's own PATH. And, after a failed start, which of the many reasons it was.
/// </summary>
internal static class CommandProgram
{
    // What the C library searches where there is no PATH.
    private const string DefaultPath = "/bin:/usr/bin";
    private const int Executable = 1;

    private const int PermissionDenied = 13;
    private const int NoSuchEntry = 2;
    private const int NotAFolder = 20;
    private const int BadFormat = 8;
    private const int TooLong = 7;

    /// <summary>The program's full path, or null with the error.</summary>
    public static string? Find(RunRequest request, string? path, NativeStrings scratch, out Diagnostic? error)
    {
        var command = request.Command[0];
        error = null;
        if (command.Contains('/', StringComparison.Ordinal))
        {
            return Path.IsPathRooted(command) ? command : Path.Combine(request.WorkingDirectory, command);
        }

        string? unexecutable = null;
        foreach (var range in (path ?? DefaultPath).AsSpan().Split(':'))
        {
            var candidate = Path.Combine(request.WorkingDirectory, (path ?? DefaultPath)[range], command);
            if (!IsThere(candidate, 0, scratch) || Directory.Exists(candidate))
            {
                continue;
            }

            if (IsThere(candidate, Executable, scratch))
            {
                return candidate;
            }

            unexecutable ??= candidate;
        }

        error = unexecutable is null
            ? Error(Rules.CommandNotFound, request, $"'{command}' is in no folder of its PATH ({PlainText.Quote(path ?? "not set", 300)})")
            : Error(Rules.CommandNotExecutable, request, $"'{unexecutable}' may not be executed");
        return null;
    }

    /// <summary>Why a program could not be started.</summary>
    public static Diagnostic Explain(int errno, string program, RunRequest request) => errno switch
    {
        _ when !Directory.Exists(request.WorkingDirectory) =>
            Error(Rules.WorkingDirectoryMissing, request, $"its working directory '{request.WorkingDirectory}' is not there"),
        NoSuchEntry or NotAFolder when Directory.Exists(program) => Error(Rules.CommandNotExecutable, request, $"'{program}' is a folder"),
        NoSuchEntry or NotAFolder when !File.Exists(program) => Error(Rules.CommandNotFound, request, $"there is no '{program}'"),
        NoSuchEntry or NotAFolder => Error(Rules.InterpreterNotFound, request, MissingInterpreter(program)),
        PermissionDenied when Directory.Exists(program) => Error(Rules.CommandNotExecutable, request, $"'{program}' is a folder"),
        PermissionDenied when File.Exists(program) && MayExecute(program) =>
            Error(Rules.CommandNotExecutable, request, $"'{program}' may not be executed here: its interpreter, its disk or the folder '{request.WorkingDirectory}' does not allow it"),
        PermissionDenied => Error(Rules.CommandNotExecutable, request, $"'{program}' may not be executed"),
        BadFormat => Error(Rules.CommandFormat, request, WrongFormat(program)),
        TooLong => Error(Rules.CommandTooLong, request, "its arguments and environment are too long"),
        _ => Error(Rules.CannotStart, request, $"'{program}': {Libc.Describe(errno)}"),
    };

    public static Diagnostic Error(DiagnosticRule rule, RunRequest request, string problem) =>
        rule.At($"job '{request.Job}' cannot start: {problem}; {rule.Cure}");

    private static bool MayExecute(string program)
    {
        using var scratch = new NativeStrings();
        return IsThere(program, Executable, scratch);
    }

    private static unsafe bool IsThere(string path, int mode, NativeStrings scratch)
    {
        scratch.Clear();
        scratch.Add(path);
        return Libc.Access(scratch[0], mode) == 0;
    }

    private static string MissingInterpreter(string program)
    {
        var head = Head(program);
        if (!head.StartsWith("#!", StringComparison.Ordinal))
        {
            return $"the loader or library that '{program}' was built for is not on this machine";
        }

        var line = head.Split('\n')[0];
        return line.EndsWith('\r')
            ? $"'{program}' has Windows line ends, so that its first line names '{line[2..].Trim()}' and a carriage return"
            : $"'{line[2..].Trim()}', named by the first line of '{program}', is not there";
    }

    private static string WrongFormat(string program)
    {
        var head = Head(program);
        return head.StartsWith("\x7f" + "ELF", StringComparison.Ordinal) ? $"'{program}' was built for another kind of machine"
            : head.Length == 0 ? $"'{program}' is empty"
            : $"'{program}' is neither a program nor a script with a #! line";
    }

    // Only for the text of an error: a file that cannot be read gives the general one.
    private static string Head(string program)
    {
        try
        {
            using var file = File.OpenRead(program);
            Span<byte> head = stackalloc byte[256];
            return System.Text.Encoding.Latin1.GetString(head[..file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)]);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return "?";
        }
    }
}
