using DataBuild.Engine.Ports;
using DataBuild.Engine.State;
using DataBuild.Engine.Tests.Simulation;
using DataBuild.V1;

namespace DataBuild.Simulation.Tests;

/// <summary>What the jobs do: pure functions of what they read, with faults of their own; and what must come out without any fault.</summary>
internal sealed class SimJobs(Scenario scenario, World world)
{
    private int runs;

    /// <summary>A process reads, writes below its output root, says what it has to say, and ends.</summary>
    public RunReturn Run(SimProcess process)
    {
        var request = process.Request;
        var random = new Random(unchecked((scenario.Seed * 7_919) + ++runs));
        int fault = world.HasFaults ? random.Next(24) : -1;
        var returned = new RunReturn { RunId = request.RunId, Ending = RunEnding.Exited, ExitCode = 0, Started = world.Now, Duration = TimeSpan.FromSeconds(random.Next(1, 9)) };
        switch (fault)
        {
            case 0: return returned with { ExitCode = 1 };
            case 1: return returned with { ExitCode = null, Signal = 9 };
            case 2: return returned with { ExitCode = null, Ending = RunEnding.TimedOut };
            case 3: return returned with { ExitCode = 75, Messages = [new JobMessage { RetryAfter = new RetryAfter { Seconds = random.Next(100) } }] };
            case 4: return returned;
            case 5: return returned with { ExitCode = null, Ending = RunEnding.CannotStart };
        }

        var outputs = world.OutputsOf(request.RunId);
        var messages = new List<JobMessage>();
        bool isMissing = false;
        foreach (string @ref in request.Refs)
        {
            var inputs = scenario.Inputs(@ref, process.Version).ToList();
            var lacking = inputs.Where(input => Read(input) is null).ToList();
            if (lacking.Count > 0)
            {
                isMissing = true;
                messages.Add(new JobMessage { For = { @ref }, MissingDeps = new MissingDeps { Refs = { lacking } } });
                continue;
            }

            messages.Add(new JobMessage { For = { @ref }, ReadDeps = new ReadDeps { Refs = { inputs } } });
            if (fault == 6 && @ref == request.Refs[0])
            {
                messages.Add(new JobMessage { For = { @ref }, PartitionFailed = new PartitionFailedMessage { Reason = "bad data", Retryable = random.Next(2) == 0 } });
                continue;
            }

            outputs?.TryAdd(@ref, Make(@ref, inputs.Select(input => Read(input)!), process.Version));
            if (isMissing || fault == 7)
            {
                messages.Add(new JobMessage { For = { @ref }, PartitionDone = new PartitionDoneMessage() });
            }
        }

        if (world.Bug == Bug.SwapsOutputs && outputs?.Count > 1)
        {
            var (first, last) = (outputs.First(), outputs.Last());
            (outputs[first.Key], outputs[last.Key]) = (last.Value, first.Value);
        }

        return returned with { ExitCode = isMissing ? 75 : fault is 6 or 7 ? 1 : 0, Messages = messages };
    }

    /// <summary>What must come out; null if it cannot be made, for want of a source or because it waits for itself.</summary>
    public string? Expected(string @ref) => Expected(@ref, []);

    /// <summary>Nothing that it is made of is lost, so that it is compared with all of it.</summary>
    public bool IsWhole(string @ref, BuildState state) => IsWhole(@ref, state, []);

    private bool IsWhole(string @ref, BuildState state, HashSet<string> above) => above.Add(@ref) && scenario.Inputs(@ref, scenario.CurrentVersion(@ref))
        .Where(input => input[0] != 's')
        .All(input => state.Refs.TryGet(input, out int id) && state[id].IsLive && IsWhole(input, state, [.. above]));

    private string? Expected(string @ref, HashSet<string> above)
    {
        if (@ref[0] == 's')
        {
            return Read(@ref);
        }

        if (!above.Add(@ref))
        {
            return null;
        }

        string version = scenario.CurrentVersion(@ref);
        var inputs = scenario.Inputs(@ref, version).Select(input => Expected(input, [.. above])).ToList();
        return inputs.Contains(null) ? null : Make(@ref, inputs!, version);
    }

    private string? Read(string @ref) => @ref[0] == 's' ? world.Disk.Sources.GetValueOrDefault($"/p/{@ref}") : world.Disk.Partitions.GetValueOrDefault(@ref);

    private string Make(string @ref, IEnumerable<string> inputs, string version)
    {
        bool isCoarse = scenario.IsCoarse[Scenario.FamilyOf(@ref)];
        var content = Content.Fingerprint(string.Join('\n', inputs.Prepend(isCoarse ? "" : @ref)));
        return isCoarse ? $"{@ref} {content.Low % 2} v{version}" : $"{@ref} {content} v{version}";
    }
}
