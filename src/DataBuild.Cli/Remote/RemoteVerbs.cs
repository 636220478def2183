using DataBuild.Cli.Verbs;
using DataBuild.Engine.Ports;
using DataBuild.V1;

namespace DataBuild.Cli.Remote;

/// <summary>The verbs that ask, of a service: the same words, JSON and exit codes as of the log here.</summary>
internal static class RemoteVerbs
{
    public static int Status(Uri server, bool json, bool full) => Ask(server, questions => StatusVerb.Show(questions.Status(), json, full));

    public static int Wants(Uri server, string[] states, bool ended, int limit, bool json) =>
        Ask(server, questions => WantsVerb.Show(questions.Wants(states, ended, limit), states, json));

    public static int Partitions(Uri server, PartitionsVerb verb, string[] sets, string? job, RefState[] states, string? after) =>
        Ask(server, questions => verb.Show(questions.Partitions(sets, job, states, after, verb.Limit)));

    public static int Runs(Uri server, string[] jobs, string[] states, string[] refs, string? since, int limit, bool json) =>
        Ask(server, questions => RunsVerb.Show(questions.Runs(jobs, states, refs, since, limit), json));

    public static int Run(Uri server, RunVerb verb, string written) => Ask(server, questions => verb.Show(questions.Run(written, verb.Elements, verb.Bytes)));

    public static int Follow(Uri server, RunVerb verb, string written, CancellationToken stop) => Ask(server, questions =>
    {
        string id = questions.Run(written, most: 1, outputBytes: 0).Run.RunId;
        verb.Show(questions.Output(id, follow: true, stop));
        return stop.IsCancellationRequested ? ExitCodes.Canceled : verb.End(questions.Run(id, verb.Elements, outputBytes: 0));
    });

    public static int Jobs(Uri server, bool json, bool full) => Ask(server, questions => JobsVerb.Show(questions.Jobs(full), json));

    public static int Why(Uri server, string @ref, ulong? at, bool json, bool full) => Ask(server, questions => WhyVerb.Show(questions.Why(@ref, at), json, full));

    public static int Graph(Uri server, GraphVerb verb, string? job, string? reference, int depth, int? limit) => Ask(server, questions =>
        verb.Show(reference is null ? questions.Graph(job) : questions.Lineage(reference, depth, limit ?? GraphVerb.MostRefs)));

    public static int Log(Uri server, LogVerb verb, ulong since, int limit, EventFilter filter) => Ask(server, questions =>
    {
        var (last, events) = questions.Events(since, filter);
        return verb.Show(last, events.Take(limit).Select(Stored));
    });

    public static int FollowLog(Uri server, LogVerb verb, ulong? since, int limit, EventFilter filter, CancellationToken stop) => Ask(server, questions =>
    {
        ulong last = 0;
        verb.Show(questions.Follow(since, filter, offset => last = Math.Max(last, offset), stop).Take(limit).Select(Stored), () => last);
        return stop.IsCancellationRequested ? ExitCodes.Canceled : ExitCodes.Success;
    });

    private static StoredEvent Stored(LoggedEvent logged) => new(logged.Offset, logged.Event);

    private static int Ask(Uri server, Func<RemoteQuestions, int> ask)
    {
        using var service = RemoteService.Open(server);
        return ask(new RemoteQuestions(service));
    }
}
