using DataBuild.V1;

namespace DataBuild.Engine.State;

public sealed partial class BuildState
{
    internal void Save(SnapshotWriter to, bool canonical)
    {
        var ids = NamedRefs(canonical);
        var numbers = new Dictionary<int, int>(ids.Count);
        for (int i = 0; i < ids.Count; i++)
        {
            numbers.Add(ids[i], i);
        }

        int Number(int id) => numbers[id];

        void WriteRead(ReadFact read)
        {
            to.Write(Number(read.Ref));
            to.Write(read.Content);
            to.Write(read.Run);
            to.Write(read.Missed);
        }

        to.Write(Offset);
        to.Write(Time);
        to.Write(Renaming);
        to.Write(Expiring);
        to.Write(GraphRegistration);
        to.Write(GraphOffset);
        to.WriteMany(jobVersions, version =>
        {
            to.Write(version.Fingerprint);
            to.Write(version.Offset);
        });
        to.WriteMany(ids, id => to.Write(Refs[id]));

        // Equal arrays of reads are one array in memory and are written once.
        var shared = new Dictionary<ReadFact[], int>(ReferenceEqualityComparer.Instance);
        foreach (int id in ids)
        {
            SaveFact(to, this[id], shared, WriteRead);
        }

        var runsByAge = ActiveRuns.OrderBy(run => run.QueuedAt).ToList();
        to.WriteMany(runsByAge, run =>
        {
            to.Write(run.Id);
            to.Write(run.Job);
            to.WriteMany(run.Refs, id => to.Write(Number(id)));
            to.WriteMany(run.Attempts, to.Write);
            to.WriteMany(run.Inputs, WriteRead);
            to.WriteMany(run.WantIds, to.Write);
            to.Write(run.JobVersion);
            to.Write(run.Term);
            to.Write(run.QueuedAt);
            to.Write((byte)run.State);
            to.Write(run.Pid);
            to.Write(run.PidStart);
            to.Write(run.Executor);
            to.Write(run.UnknownSince);
            to.Write(run.UnknownCause);
            to.Write(run.CancelAsked);
            to.Write(run.ExecutorRun);
        });
        to.WriteMany([.. displaced.OrderBy(entry => Number(entry.Key))], entry =>
        {
            to.Write(Number(entry.Key));
            to.WriteMany(entry.Value, older =>
            {
                to.Write(older.Offset);
                WriteRead(older.Instance);
            });
        });
        to.WriteMany([.. troubles.OrderBy(entry => Number(entry.Key))], entry =>
        {
            to.Write(Number(entry.Key));
            SaveTrouble(to, entry.Value, Number);
        });
        to.WriteMany([.. fileReads.OrderBy(entry => Number(entry.Key))], entry =>
        {
            to.Write(Number(entry.Key));
            to.WriteMany(entry.Value, file =>
            {
                to.Write(file.Path);
                to.Write(file.Content);
            });
        });
        to.WriteMany([.. changes.OrderBy(entry => Number(entry.Key))], entry =>
        {
            to.Write(Number(entry.Key));
            to.Write(entry.Value);
        });
        to.WriteMany([.. jobs.OrderBy(entry => entry.Key, StringComparer.Ordinal)], entry =>
        {
            to.Write(entry.Key);
            to.Write(entry.Value.GoodRuns);
            to.Write(entry.Value.GoodTicks);
            to.Write(entry.Value.JobVersion);
            to.Write(entry.Value.StraightFailures);
            to.Write(entry.Value.QuarantinedAt);
        });
        to.Write(wantOrdinal);
        to.WriteMany([.. Wants], want =>
        {
            to.Write(want.Want);
            to.Write(want.IsStanding);
            to.Write(want.Created);
            to.Write(want.Offset);
            to.Write(want.Ordinal);
            to.Write((int)want.End);
            to.Write(want.IsCanceled);
            to.Write(want.Waiting);
            to.Write(want.TimesUpTo);
        });
        to.WriteMany([.. Taints], taint =>
        {
            to.Write(taint.Taint);
            to.Write(taint.Offset);
            to.WriteMany([.. taint.Refs.Select(Number).Order()], to.Write);
        });
    }

    internal static BuildState Load(SnapshotReader from)
    {
        var state = new BuildState { Offset = from.ULong(), Time = from.Time(), Renaming = from.Message(RenameEventV1.Parser), Expiring = from.Message(RetentionExpireEventV1.Parser) };
        var registration = from.Message(GraphRegisterEventV1.Parser);
        ulong graphOffset = from.ULong();
        foreach (var (fingerprint, offset) in from.Many(() => (from.Message(JobFingerprint.Parser)!, from.ULong())))
        {
            state.VersionOf(fingerprint, offset);
        }

        if (registration is not null)
        {
            state.Apply(registration, new Applying(graphOffset, state.Time, new StateChange()));
        }

        foreach (string @ref in from.Many(from.String))
        {
            state.Refs.Intern(@ref);
        }

        ReadFact ReadRead() => new(from.Int(), from.Fingerprint(), from.Guid(), from.Bool());

        var shared = new List<ReadFact[]>();
        for (int id = 0; id < state.Refs.Count; id++)
        {
            state.LoadFact(from, id, shared, ReadRead);
        }

        from.Many(() =>
        {
            state.Resume(new RunFacts
            {
                Id = from.Guid(),
                Job = from.String(),
                Refs = from.Many(from.Int),
                Attempts = from.Many(from.Int),
                Inputs = from.Many(ReadRead),
                WantIds = from.Many(from.String),
                JobVersion = from.Int(),
                Term = from.ULong(),
                QueuedAt = from.ULong(),
                State = (RunState)from.Byte(),
                Pid = from.Long(),
                PidStart = from.ULong(),
                Executor = from.String(),
                UnknownSince = from.Time(),
                UnknownCause = from.String(),
                CancelAsked = from.String(),
                ExecutorRun = from.String(),
            });
            return 0;
        });
        foreach (var (id, older) in from.Many(() => (from.Int(), from.Many(() => (from.ULong(), ReadRead())))))
        {
            state.displaced.Add(id, [.. older]);
        }

        foreach (var (offset, id) in state.displaced.SelectMany(entry => entry.Value.Select(older => (older.Offset, entry.Key))).Order())
        {
            state.displacedByAge.Enqueue((offset, id));
        }

        foreach (var (id, trouble) in from.Many(() => (from.Int(), LoadTrouble(from))))
        {
            state.troubles.Add(id, trouble);
        }

        foreach (var (id, files) in from.Many(() => (from.Int(), from.Many(() => new FileReadFact(from.String(), from.Fingerprint())))))
        {
            state.fileReads.Add(id, files);
        }

        foreach (var (id, change) in from.Many(() => (from.Int(), from.Message(Observation.Parser)!)))
        {
            state.changes.Add(id, change);
        }

        from.Many(() =>
        {
            state.jobs.Add(from.String(), new JobFacts
            {
                GoodRuns = from.Long(),
                GoodTicks = from.Long(),
                JobVersion = from.Int(),
                StraightFailures = from.Int(),
                QuarantinedAt = from.ULong(),
            });
            return 0;
        });
        state.wantOrdinal = from.Int();
        from.Many(() =>
        {
            var want = new WantFacts
            {
                Want = from.Message(Want.Parser)!,
                IsStanding = from.Bool(),
                Created = from.Time(),
                Offset = from.ULong(),
                Ordinal = from.Int(),
                End = (WantEndState)from.Int(),
                IsCanceled = from.Bool(),
                Waiting = from.Int(),
                TimesUpTo = from.Time(),
            };
            state.Bind(want);
            state.wants.Add(want.Id, want);
            return 0;
        });
        foreach (var want in state.wants.Values)
        {
            state.CountChild(want, 1);
        }

        foreach (var run in state.ActiveRuns)
        {
            state.CountRun(run, 1);
        }

        foreach (var (taint, offset, refs) in from.Many(() => (from.Message(TaintCreateEventV1.Parser)!, from.ULong(), from.Many(from.Int))))
        {
            state.taints.Add(taint.TaintId, new TaintFacts(taint, offset, [.. refs]));
        }

        return state;
    }

    /// <summary>Refs of which something is known.</summary>
    private List<int> NamedRefs(bool canonical)
    {
        var named = new bool[Refs.Count];
        for (int id = 0; id < named.Length; id++)
        {
            var fact = this[id];
            if (fact.Flags != RefFlags.None || fact.IsBuilding)
            {
                named[id] = true;
            }

            foreach (var read in fact.Reads ?? [])
            {
                named[read.Ref] = true;
            }
        }

        foreach (var (id, trouble) in troubles)
        {
            named[id] = true;
            Array.ForEach(trouble.Missed, missed => named[missed] = true);
        }

        foreach (var run in ActiveRuns)
        {
            Array.ForEach(run.Inputs, input => named[input.Ref] = true);
        }

        foreach (int id in displaced.Keys)
        {
            named[id] = true;
        }

        var ids = Enumerable.Range(0, named.Length).Where(id => named[id]);
        return canonical ? [.. ids.OrderBy(id => Refs[id], StringComparer.Ordinal)] : [.. ids];
    }

    private static void SaveFact(SnapshotWriter to, in RefFacts fact, Dictionary<ReadFact[], int> shared, Action<ReadFact> writeRead)
    {
        to.Write((byte)fact.Flags);
        to.Write(fact.Published);
        to.Write(fact.Content);
        to.Write(fact.LiveRun);
        to.Write(fact.Stamp);
        to.Write(fact.Offset);
        to.Write(fact.JobVersion);
        if (fact.Reads is not { } reads)
        {
            to.Write(0);
        }
        else if (shared.TryGetValue(reads, out int number))
        {
            to.Write(number + 1);
        }
        else
        {
            shared.Add(reads, shared.Count);
            to.Write(shared.Count);
            to.WriteMany(reads, writeRead);
        }
    }

    private void LoadFact(SnapshotReader from, int id, List<ReadFact[]> shared, Func<ReadFact> readRead)
    {
        ref var fact = ref FactsOf(id);
        fact.Flags = (RefFlags)from.Byte();
        fact.Published = from.UInt();
        fact.Content = from.Fingerprint();
        fact.LiveRun = from.Guid();
        fact.Stamp = from.ULong();
        fact.Offset = from.ULong();
        fact.JobVersion = from.Int();
        int number = from.Int();
        if (number > shared.Count)
        {
            shared.Add(from.Many(readRead));
        }

        fact.Reads = number == 0 ? null : shared[number - 1];
        LiveCount += fact is { IsLive: true, IsSource: false } ? 1 : 0;
    }

    private static void SaveTrouble(SnapshotWriter to, Trouble trouble, Func<int, int> number)
    {
        to.Write(trouble.Failure);
        to.Write(trouble.Run);
        to.Write(trouble.Offset);
        to.Write(trouble.JobVersion);
        to.Write(trouble.HeldAt);
        to.Write(trouble.HeldRun);
        to.Write(trouble.ExitCode.HasValue);
        to.Write((long)(trouble.ExitCode ?? 0));
        to.Write(trouble.Signal);
        to.Write(trouble.Log);
        to.Write(trouble.StderrTail);
        to.WriteMany(trouble.Missed, missed => to.Write(number(missed)));
        to.Write(trouble.ChildWant);
        to.Write(trouble.NotBefore);
        to.Write(trouble.BatchLimit);
        to.Write(trouble.NextAttempt);
        to.WriteMany(trouble.Spent, to.Write);
    }

    private static Trouble LoadTrouble(SnapshotReader from)
    {
        var trouble = new Trouble
        {
            Failure = from.Message(PartitionFailed.Parser),
            Run = from.Guid(),
            Offset = from.ULong(),
            JobVersion = from.Int(),
            HeldAt = from.ULong(),
            HeldRun = from.Guid(),
        };
        bool exited = from.Bool();
        long exitCode = from.Long();
        trouble.ExitCode = exited ? (int)exitCode : null;
        trouble.Signal = from.Int();
        trouble.Log = from.String();
        trouble.StderrTail = from.String();
        trouble.Missed = from.Many(from.Int);
        trouble.ChildWant = from.String();
        trouble.NotBefore = from.TimeOrNull();
        trouble.BatchLimit = from.Int();
        trouble.NextAttempt = from.Int();
        trouble.Spent = from.Many(from.Int);
        return trouble;
    }
}
