namespace DataBuild.Jobs;

/// <summary>Which job was called with which refs: the arguments and the environment, understood.</summary>
internal sealed record JobCall(string Name, IReadOnlyList<JobHandler> Handlers, IReadOnlyList<string> Arguments, IReadOnlyList<string> Refs)
{
    /// <summary>Null, and why not, if the program was not called as one of its jobs.</summary>
    public static JobCall? TryParse(IReadOnlyList<string> args, JobEnvironment environment, JobSet jobs, out string why)
    {
        IReadOnlyList<string>? refs = environment.Partitions();
        IReadOnlyList<string> arguments = refs is null ? args : WithoutRefs(args, refs);
        bool namedByArgument = arguments.Count > 0 && jobs.Handlers.Any(handler => handler.Name == arguments[0]);
        string? name = namedByArgument ? arguments[0]
            : jobs.Handlers.Any(handler => handler.Name == environment.Job) ? environment.Job
            : jobs.Handlers.Select(handler => handler.Name).Distinct().Count() == 1 ? jobs.Handlers[0].Name
            : null;
        if (name is null)
        {
            why = "neither its first argument nor DATABUILD_JOB names one of its jobs";
            return null;
        }

        JobHandler[] handlers = [.. jobs.Handlers.Where(handler => handler.Name == name)];
        arguments = namedByArgument ? [.. arguments.Skip(1)] : arguments;
        if (refs is null)
        {
            // By hand: the refs are the last arguments that look like ones this job makes.
            int first = arguments.Count;
            while (first > 0 && handlers.Any(handler => handler.Pattern.Match(arguments[first - 1]) is not null))
            {
                first--;
            }

            (arguments, refs) = ([.. arguments.Take(first)], [.. arguments.Skip(first)]);
        }

        why = refs.Count == 0
            ? $"no ref of {string.Join(" or ", handlers.Select(handler => $"'{handler.Pattern.Text}'"))} ends its arguments"
            : environment.DataRoot.Length == 0 ? "DATABUILD_DATA_ROOT is not set"
            : environment.OutputRoot.Length == 0 ? "DATABUILD_OUTPUT_ROOT is not set"
            : "";
        return why.Length == 0 ? new JobCall(name, handlers, arguments, refs) : null;
    }

    // The refs follow the arguments, or are in the file alone where there are too many for a command line.
    private static IReadOnlyList<string> WithoutRefs(IReadOnlyList<string> args, IReadOnlyList<string> refs) =>
        args.Count >= refs.Count && args.Skip(args.Count - refs.Count).SequenceEqual(refs) ? [.. args.Take(args.Count - refs.Count)] : args;
}
