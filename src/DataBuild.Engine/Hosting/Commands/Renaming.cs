using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Files;
using DataBuild.Engine.Graph;
using DataBuild.Engine.State;
using DataBuild.V1;

namespace DataBuild.Engine.Hosting.Commands;

/// <summary>`rename`: the project has a family's new pattern already; the log and the files follow.</summary>
internal static class Renaming
{
    public static CommandDecision Decide(RenameCommand command, string commandId, CommandContext context)
    {
        var files = context.Files ?? throw new InvalidOperationException("renaming looks at files");
        var project = context.Project ?? throw new InvalidOperationException("renaming compares with the project");
        var state = context.State;
        var names = RefRenames.Of(command.From, command.To);
        if (project.Families.FirstOrDefault(family => family.Pattern.Text == command.To) is not { IsSource: false })
        {
            throw new DataBuildException(Rules.RenameImpossible, $"the project has no Partition '{command.To}'; change the pattern there first, then rename");
        }

        if (project.Families.Any(family => family.Pattern.Text == command.From))
        {
            throw new DataBuildException(Rules.RenameImpossible, $"the project still has '{command.From}'; change the pattern there first, then rename");
        }

        if (state.OutlivingRuns.FirstOrDefault() is { } run)
        {
            throw new DataBuildException(
                Rules.RenameImpossible, $"run {run.IdText} of {run.Job} is under way on {run.Executor}, and nothing may run during a rename; wait for its end in a build, or end it with `databuild cancel {run.IdText}` and build");
        }

        var mover = new RefMover(files.Root);
        var renamed = new List<string>();
        for (int id = 0; id < state.Refs.Count; id++)
        {
            if (state[id] is { IsLive: true, IsSource: false } && names.To(state.Refs[id]) is { } to)
            {
                if (state.Refs.TryGet(to, out int other) && state[other].IsLive)
                {
                    throw new DataBuildException(
                        Rules.RenameTargetOccupied, $"'{state.Refs[id]}' would become '{to}', which is live; a rename replaces nothing, so choose another pattern or give up what is there");
                }

                mover.Check(to);
                renamed.Add(to);
            }
        }

        if (renamed.Count == 0)
        {
            throw new DataBuildException(Rules.NothingToRename, $"no partition of '{command.From}' is live; name the pattern that the data was built under");
        }

        var decision = new CommandDecision().About(project, renamed);
        decision.Events.Add(new BuildEvent
        {
            Rename = new RenameEventV1 { RenameId = $"rename-{commandId}", From = command.From, To = command.To, Comment = command.Comment },
        });
        return decision.Says($"{CommandDecision.Count(renamed.Count)} of {command.From} renamed to {command.To}, nothing ran");
    }
}
