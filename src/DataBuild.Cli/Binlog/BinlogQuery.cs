using DataBuild.Engine.Diagnostics;
using DataBuild.V1;

namespace DataBuild.Cli.Binlog;

/// <summary>What a binary log alone tells: neither project nor data nor the project's own log need be there.</summary>
internal sealed class BinlogQuery(RunChoice choice)
{
    public BinlogReport Answer(string path)
    {
        var events = new BinlogEvents();
        var log = BinlogFile.Read(path, events.On);
        var report = new BinlogReport { File = path, Complete = log.IsComplete, Succeeded = log.Succeeded, Problem = log.Problem };
        report.Elsewhere.AddRange(events.Elsewhere);
        var told = new HashSet<string>(StringComparer.Ordinal);
        foreach (string folder in CallFiles.Folders(log.Files.Keys))
        {
            var call = Recorded(log, folder);
            if (told.Add(call.Project))
            {
                call.Diagnostics.AddRange(events.Diagnostics(call.Project));
            }

            report.Calls.Add(call);
        }

        foreach (string project in events.Projects.Where(told.Add))
        {
            report.Calls.Add(FromEvents(events, project, log.IsComplete));
        }

        if (report.Calls.Count == 0)
        {
            throw new DataBuildException(Rules.BinlogWithoutProject,
                $"'{path}' {(log.IsComplete ? "" : "ends in the middle, and up to there it ")}holds no build of a DataBuild project. {Rules.BinlogWithoutProject.Cure}");
        }

        return report;
    }

    private BinlogCall Recorded(BinlogFile log, string folder)
    {
        string Text(string name) => log.Files.GetValueOrDefault($"{folder}/{name}") ?? "";
        var request = Text(CallFiles.Request) is { Length: > 0 } asked ? Tolerant.Parse<EngineRequest>(asked) : new EngineRequest();
        var call = new BinlogCall
        {
            Project = request.ProjectFile,
            Name = NameOf(request.ProjectFile),
            Request = request,
            Result = Text(CallFiles.Result) is { Length: > 0 } result ? Tolerant.Parse<BuildResult>(result) : null,
            Plan = Text(CallFiles.Plan) is { Length: > 0 } plan ? Tolerant.Parse<PlanReport>(plan) : null,
        };
        foreach (string line in Text(CallFiles.Runs).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var message = Tolerant.Parse<EngineMessage>(line);
            if (message.Skip is { } skip)
            {
                call.Skips.Add(skip);
            }
            else if (message.Run is { } run)
            {
                call.RunsHeld++;
                if (choice.Chooses(run))
                {
                    call.Runs.Add(new BinlogRun { Run = run, Stdout = Text(CallFiles.Log(run.RunId, "stdout")), Stderr = Text(CallFiles.Log(run.RunId, "stderr")) });
                }
            }
        }

        call.RunsMissing = Math.Max(0, (call.Result?.Runs ?? 0) - call.RunsHeld);
        return call;
    }

    private BinlogCall FromEvents(BinlogEvents events, string project, bool complete)
    {
        var call = new BinlogCall { Project = project, Name = NameOf(project), Plan = events.Plan(project), Result = events.Result(project) };
        var runs = events.Runs(project);
        call.RunsHeld = runs.Count;
        call.Runs.AddRange(runs.Where(choice.Chooses).Select(run => new BinlogRun { Run = run }));
        call.Diagnostics.AddRange(events.Diagnostics(project));
        if (complete && call.Result is null && call.Plan is null && call.Diagnostics.Any(diagnostic => diagnostic.Severity == Severity.Error))
        {
            call.Result = new BuildResult { Outcome = BuildOutcome.Invalid, Summary = "not built: the project has errors" };
        }

        return call;
    }

    /// <summary>Both kinds of separator: the log may be another system's.</summary>
    private static string NameOf(string project)
    {
        string file = project[(project.LastIndexOfAny(['/', '\\']) + 1)..];
        return file.LastIndexOf('.') is > 0 and var dot ? file[..dot] : file;
    }
}
