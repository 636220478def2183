using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Execution.Output;
using DataBuild.Engine.Ports;
using DataBuild.V1;

namespace DataBuild.Engine.Execution.Slurm;

/// <summary>Why a payload did not start its program: the same errors as for a process of this machine, and on which node.</summary>
internal static class StartFailure
{
    public static Diagnostic Of(ExitFile exit, RunRequest request)
    {
        var what = PlainText.Quote(exit.Detail, 300);
        return exit.Cause switch
        {
            "directory" => Error(Rules.WorkingDirectoryMissing, $"its working directory '{what}' is not there"),
            "gone" => Error(Rules.OutputRootGone, $"its output folder '{what}' is gone"),
            "not-executable" => Error(Rules.CommandNotExecutable, $"'{what}' may not be executed"),
            "not-found" => Error(Rules.CommandNotFound, what.Contains('/', StringComparison.Ordinal) ? $"there is no '{what}'" : $"'{what}' is in no folder of its PATH"),
            "interpreter" => Error(Rules.InterpreterNotFound, $"what the first line of '{what}' names is not there"),
            "format" => Error(Rules.CommandFormat, $"'{what}' is neither a program nor a script with a #! line"),
            _ => Error(Rules.CannotStart, $"'{what}' ({PlainText.Quote(exit.Cause)})"),
        };

        Diagnostic Error(DiagnosticRule rule, string problem) => CommandProgram.Error(rule, request, $"on node {exit.Node} {problem}");
    }
}
