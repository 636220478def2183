using DataBuild.V1;
using Google.Protobuf.WellKnownTypes;

namespace DataBuild.Sdk.Tests;

/// <summary>Messages of the engine.</summary>
internal static class Say
{
    public static EngineMessage Line(string text, Importance importance = Importance.High) =>
        new() { Line = new ConsoleLine { Text = text, Importance = importance } };

    public static EngineMessage Result(BuildOutcome outcome, string summary = "done") =>
        new() { Result = new BuildResult { Outcome = outcome, Summary = summary } };

    public static EngineMessage Error(string code, string text, Origin? origin = null) => Diagnostic(Severity.Error, code, text, origin);

    public static EngineMessage Warning(string code, string text, Origin? origin = null) => Diagnostic(Severity.Warning, code, text, origin);

    public static EngineMessage Skip(string job, string reason) => new() { Skip = new JobSkip { Job = job, Reason = reason } };

    public static EngineMessage Run(string job, string state, int exitCode, params string[] refs)
    {
        var run = new RunReport
        {
            RunId = "run-" + refs[0],
            Job = job,
            State = state,
            Reason = "no instance was ever published",
            Attempt = 1,
            Started = Timestamp.FromDateTimeOffset(new DateTimeOffset(2001, 1, 5, 10, 0, 0, TimeSpan.Zero)),
            Duration = Duration.FromTimeSpan(TimeSpan.FromMilliseconds(1234)),
            ExitCode = exitCode,
            Log = "/somewhere/.databuild/runs/" + refs[0],
        };
        run.Refs.AddRange(refs);
        run.CommandLine.AddRange(["dotnet", "exec", "Jobs.dll", job, .. refs]);
        run.Reads.Add("csv/2001-01");
        run.Inputs.Add(new ReportedRead { Ref = "csv/2001-01" });
        return new EngineMessage { Run = run };
    }

    private static EngineMessage Diagnostic(Severity severity, string code, string text, Origin? origin) =>
        new() { Diagnostic = new Diagnostic { Severity = severity, Code = code, Text = text, Origin = origin } };
}
