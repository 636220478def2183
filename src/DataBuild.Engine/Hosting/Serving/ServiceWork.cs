using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Graph;
using DataBuild.Engine.Hosting.Commands;
using DataBuild.Engine.Hosting.RunLogs;
using DataBuild.Engine.Reconciling;
using DataBuild.Engine.State;
using DataBuild.V1;

namespace DataBuild.Engine.Hosting.Serving;

/// <summary>
/// What a service does beside making what is wanted: it follows calendar and project, looks at files that may have changed, and works
/// for builds that find it. On the loop's thread.
/// </summary>
internal sealed class ServiceWork : IStandingWork
{
    /// <summary>Files looked at in one turn of a sweep: others are not kept waiting for the rest.</summary>
    private const int SweepSlice = 2_000;

    /// <summary>Logs of runs looked at or removed in one turn.</summary>
    private const int RunLogSlice = 100;

    private readonly Journal journal;
    private readonly JobWatch watch;
    private readonly TimeSpan sweepInterval;
    private readonly Action<Job, string> jobChanged;
    private readonly Func<DateTimeOffset> now;
    private readonly Action saveSnapshot;
    private readonly RunLogPruning runLogs;
    private readonly Action<string> line;
    private readonly Workspace workspace;
    private readonly List<string> changedPaths = [];
    private readonly HashSet<string> toLookAt = new(StringComparer.Ordinal);
    private readonly Queue<string> sweep = new();
    private readonly List<(BuildClient Client, PendingBuild Build)> builds = [];
    private WantCalendar calendar;
    private DateTimeOffset accountedUpTo;
    private DateTimeOffset sweepAt;
    private bool jobsMayHaveChanged;

    public ServiceWork(Workspace workspace, List<BuildClient> clients, Journal journal, JobWatch watch, TimeSpan sweepInterval, Action<Job, string> jobChanged, Func<DateTimeOffset> now, Action saveSnapshot, RunLogPruning runLogs, Action<string> line)
    {
        this.workspace = workspace;
        Clients = clients;
        this.journal = journal;
        this.watch = watch;
        this.sweepInterval = sweepInterval;
        this.jobChanged = jobChanged;
        this.now = now;
        this.saveSnapshot = saveSnapshot;
        this.runLogs = runLogs;
        this.line = line;
        runLogs.Begin();
        accountedUpTo = now();
        sweepAt = accountedUpTo + sweepInterval;
        calendar = CalendarOf(journal.State.Graph!);
    }

    /// <summary>Builds that wait, for the report.</summary>
    public List<BuildClient> Clients { get; }

    public DateTimeOffset? Next
    {
        get
        {
            DateTimeOffset? next = sweep.Count > 0 || runLogs.IsUnderWay || changedPaths.Count > 0 || jobsMayHaveChanged || journal.HasUncommitted || !journal.Change.IsEmpty ? now() : sweepAt;
            foreach (var instant in builds.Select(build => build.Client.Next).Append(calendar.After(accountedUpTo)))
            {
                next = instant < next ? instant : next;
            }

            return next;
        }
    }

    /// <summary>Once a sweep: when exactly makes no difference to anybody.</summary>
    public bool Expires { get; private set; }

    public void Changed(StateChange change)
    {
        foreach (var client in Clients)
        {
            client.Changed(change);
        }
    }

    /// <summary>These files may have changed.</summary>
    public void LookAt(IReadOnlyCollection<string> paths) => changedPaths.AddRange(paths);

    /// <summary>More may have changed than anybody can tell: all that is of concern is looked at, bit by bit.</summary>
    public void Sweep() => sweepAt = now();

    /// <summary>Files of jobs may have changed.</summary>
    public void LookAtJobs() => jobsMayHaveChanged = true;

    /// <summary>The project as it is now takes the place of the one before. Runs under way end as they began.</summary>
    public void Register(GraphLookup graph)
    {
        Registration.Bring(journal, graph, watch.Fingerprint, now());
        calendar = CalendarOf(graph);
        accountedUpTo = now();
    }

    /// <summary>A build is to be worked for, until it has its result.</summary>
    public void Add(BuildClient client, PendingBuild build)
    {
        builds.Add((client, build));
        Clients.Add(client);
    }

    public void Turn(Reconciler reconciler, Action tell)
    {
        Expires = now() >= sweepAt;
        FollowCalendar();
        tell();
        LookAtFiles(reconciler);
        if (jobsMayHaveChanged)
        {
            jobsMayHaveChanged = false;
            if (watch.Look(journal.State.Graph!.Jobs.Select(job => job.Label), journal.State, jobChanged) is { } changed)
            {
                journal.Add(changed, now());
            }
        }

        tell();
        while (Learn())
        {
            tell();
        }

        // Before anything is decided on: what would be done is what a build begins with.
        Clients.ForEach(client => client.Plan());
    }

    public void Decided(Decision decision)
    {
        saveSnapshot();
        if (runLogs.Step(now(), RunLogSlice) && runLogs.Removed > 0)
        {
            line(BuildRunLogs.Words(runLogs.Removed, runLogs.Limits));
        }

        foreach (var (client, build) in builds.ToList())
        {
            if (client.Result(watch.Unsettled, build.IsStopping) is { } result)
            {
                builds.Remove((client, build));
                Clients.Remove(client);
                build.End(result);
            }
        }
    }

    /// <summary>The service ends: builds that still wait are told so, and the next one to have the lease goes on.</summary>
    public void End()
    {
        foreach (var (_, build) in builds)
        {
            build.HangUp();
        }
    }

    /// <summary>Each learns: what one adds may concern another.</summary>
    private bool Learn()
    {
        bool learned = false;
        foreach (var client in Clients)
        {
            learned |= client.Learn();
        }

        return learned;
    }

    private void FollowCalendar()
    {
        var instant = now();
        if (!(calendar.After(accountedUpTo) <= instant))
        {
            return;
        }

        var due = calendar.Due(accountedUpTo, instant);
        accountedUpTo = instant;
        watch.Forgive();
        if (Registration.Wants(journal.State, instant.Date, due.Contains) is { } wants)
        {
            journal.Add(wants, instant);
        }

        foreach (int scheduled in due.Where(index => journal.State.Graph!.Wants[index].Definition.Schedule.Length > 0))
        {
            RetryScheduled(journal.State.Graph!.Wants[scheduled], instant);
        }
    }

    /// <summary>A schedule is also a request to try again what failed for good: who sets one expects an attempt at each of its instants.</summary>
    private void RetryScheduled(StandingWant want, DateTimeOffset instant)
    {
        var retry = new RetryCommand { Partitions = new V1.PartitionSet() };
        retry.Partitions.Expressions.Add(want.Definition.Partitions);
        foreach (var e in Retrying.Decide(retry, new CommandContext { State = journal.State, Now = instant }).Events)
        {
            e.RetryRequest.Source = "schedule";
            journal.Add(e, instant);
        }
    }

    private void LookAtFiles(Reconciler reconciler)
    {
        if (now() >= sweepAt)
        {
            sweepAt = now() + sweepInterval;
            sweep.Clear();
            jobsMayHaveChanged = true;
            runLogs.Begin();
            foreach (string @ref in reconciler.Watched)
            {
                sweep.Enqueue(@ref);
            }
        }

        for (int i = 0; i < SweepSlice && sweep.TryDequeue(out string? @ref); i++)
        {
            toLookAt.Add(@ref);
        }

        if (changedPaths.Count > 0)
        {
            toLookAt.UnionWith(ChangedFiles.Refs(changedPaths, workspace, journal.State.Graph!, reconciler));
            changedPaths.Clear();
        }

        if (toLookAt.Count > 0)
        {
            reconciler.LookAgain(toLookAt);
            toLookAt.Clear();
        }
    }

    private static WantCalendar CalendarOf(GraphLookup graph) => new(graph, Zones.Of(graph));
}
