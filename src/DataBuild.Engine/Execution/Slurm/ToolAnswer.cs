using DataBuild.Engine.Execution.Output;

namespace DataBuild.Engine.Execution.Slurm;

/// <summary>How one of Slurm's commands ended.</summary>
/// <param name="Tool">Its name.</param>
/// <param name="Missing">It is not installed.</param>
/// <param name="TimedOut">It took too long and was ended: what it was to do may have been done.</param>
/// <param name="ExitCode">0 if it did what it was asked.</param>
/// <param name="Output">Its stdout.</param>
/// <param name="Error">Its stderr.</param>
internal sealed record ToolAnswer(string Tool, bool Missing, bool TimedOut, int ExitCode, string Output, string Error)
{
    public bool IsGood => !Missing && !TimedOut && ExitCode == 0;

    /// <summary>What it said, for one line.</summary>
    public string Words
    {
        get
        {
            var text = Error.Trim().Length > 0 ? Error : Output;
            return text.Trim().Length > 0 ? PlainText.Quote(text.Trim(), 300) : $"{Tool} ended with exit code {ExitCode}";
        }
    }
}
