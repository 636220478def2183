using DataBuild.Cli.Fetching;
using DataBuild.Cli.Output;
using DataBuild.Engine.Hosting.Planning;
using DataBuild.V1;

namespace DataBuild.Cli.Verbs.Planning;

/// <summary>`plan --log`: what a build would run if that log were the project's.</summary>
internal sealed class LogPlanVerb(Making making, string log, LogFetch fetch)
{
    public async Task<int> RunAsync()
    {
        using var stop = new CancellationTokenSource();
        using var signals = new StopSignals(stop);
        try
        {
            // The network first: it fails sooner than a compile ends.
            using var fetched = await fetch.GetAsync(log, stop.Token).ConfigureAwait(false);
            if (await CompiledProject.OfAsync(making, stop.Token).ConfigureAwait(false) is not var (request, ci))
            {
                return ExitCodes.Invalid;
            }

            void Say(Diagnostic diagnostic)
            {
                Console.Error.WriteLine(DiagnosticText.Of(diagnostic, making.ProjectFile));
                if (DiagnosticText.Issue(diagnostic, making.ProjectFile) is { } issue)
                {
                    ci?.Annotations.Add(issue);
                }
            }

            if (new LogPlanSession(request, Say, TimeProvider.System).Answer(fetched.File, fetched.Name) is not { } plan)
            {
                ci?.Annotations.End();
                return ExitCodes.Invalid;
            }

            plan.Log = fetched.Name == fetched.File ? log : fetched.Name;
            string page = LogPlanPage.Of(request.Graph.Name, plan);
            MarkdownFile.Write(making.Markdown, page);
            ci?.Summarise(page, Say);
            if (making.Json)
            {
                Json.Write(plan);
            }
            else
            {
                using var text = Page.Stdout();
                LogPlanText.Write(text, request.Graph.Name, plan);
            }

            return making.ExitCode && plan.Plan.WillRun + plan.Plan.MayRun + plan.Plan.Blocked > 0 ? ExitCodes.WouldRun : ExitCodes.Success;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return ExitCodes.Canceled;
        }
    }
}
