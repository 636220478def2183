using DataBuild.Engine.Hosting.Queries;
using DataBuild.Engine.Log;
using DataBuild.Engine.Reconciling;
using DataBuild.Engine.State;
using DataBuild.V1;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace DataBuild.Fuzz.Tests;

/// <summary>Events as bytes of a log: whatever they say, they are refused, or can be lived with.</summary>
[Trait("Category", "Fuzz")]
public sealed class EventTests(Xunit.Abstractions.ITestOutputHelper output)
{
    /// <summary>Nothing is known, a graph, a run under way, what it made; a rename and an expiry under way; and all of it.</summary>
    private static readonly int[] starts = [0, 1, 3, 5, IndexOf(BuildEvent.EventOneofCase.RenameEnd), IndexOf(BuildEvent.EventOneofCase.RetentionExpireEnd), History.Events().Count];

    private static readonly byte[][] known = [.. Enumerable.Range(0, History.Events().Count + 1).Select(count => History.Canonical(History.After(count)))];

    [Fact]
    public void The_bytes_of_an_event_are_read_or_refused_and_what_is_read_is_applied_or_illegal() =>
        new Fuzz(output).Bytes(20_000, [.. History.Events().Select(e => e.ToByteArray())], bytes => Live(Read(bytes), starts));

    [Fact]
    public void An_event_that_says_anything_is_applied_or_illegal()
    {
        var corpus = History.Events();
        int applied = 0;
        new Fuzz(output).Run(
            6_000,
            random => (MutateEvent.Of(random, corpus), Start: random.Next(corpus.Count + 1)),
            input => applied += Live(Read(input.Item1.ToByteArray()), [input.Start]),
            input => $"after {input.Start} events {input.Item1}");
        output.WriteLine($"{applied} of them were applied");
    }

    /// <summary>Applies it after so many events of the history; how often that was legal.</summary>
    private static int Live(BuildEvent e, IEnumerable<int> starts)
    {
        int applied = 0;
        foreach (int start in starts)
        {
            var state = History.After(start);
            ulong before = state.Offset;
            try
            {
                state.Apply(before + 1, e);
            }
            catch (IllegalEventException)
            {
                Assert.Equal(before, state.Offset);
                Assert.Equal(known[start], History.Canonical(state));
                continue;
            }

            // What was applied can be saved and loaded, told and decided on.
            applied++;
            byte[] saved = History.Canonical(state);
            Assert.Equal(saved, History.Canonical(StateSnapshot.Read(new MemoryStream(saved))));
            _ = (EventWords.Of(e, full: true), EventWords.Of(e, full: false));

            // A session finishes these before it decides anything.
            if (state is { Graph: not null, Renaming: null, Expiring: null })
            {
                Decide(state);
            }
        }

        return applied;
    }

    private static BuildEvent Read(byte[] bytes) => EventCodec.Read("log.db", Guid.Empty.ToString(), 1, bytes, before: 0, EventCodec.Chain(0, bytes));

    [Fact]
    public void Every_kind_of_event_and_every_field_of_it_is_among_those_that_are_changed()
    {
        var left = new HashSet<string>(StringComparer.Ordinal);
        Declared(BuildEvent.Descriptor, left);
        foreach (var e in History.Events())
        {
            Remove(e, left);
        }

        // That one the log gives.
        Assert.Equal(["databuild.v1.BuildEvent.event_id"], left.Order());
    }

    private static void Decide(BuildState state)
    {
        var moment = new Moment(History.Time.ToDateTimeOffset());
        var reconciler = new Reconciler(state, new ReconcilerOptions { LogId = Guid.Empty.ToString(), Observe = false, SessionStart = state.Offset }, moment);
        for (int steps = 0; steps < 20 && reconciler.Decide(moment).Events is { Count: > 0 } events; steps++)
        {
            var change = new StateChange();
            events.ForEach(e => state.Apply(state.Offset + 1, e, change));
            reconciler.Changed(change);
        }
    }

    private static int IndexOf(BuildEvent.EventOneofCase kind) => History.Events().FindIndex(e => e.EventCase == kind);

    private static void Declared(MessageDescriptor message, HashSet<string> found)
    {
        foreach (var field in message.Fields.InDeclarationOrder())
        {
            if (found.Add(field.FullName) && IsOwn(field))
            {
                Declared(field.MessageType, found);
            }
        }
    }

    private static void Remove(IMessage message, HashSet<string> left)
    {
        foreach (var field in message.Descriptor.Fields.InDeclarationOrder())
        {
            object value = field.Accessor.GetValue(message);
            if (value is System.Collections.ICollection { Count: 0 } or null || Equals(value, "") || Equals(value, 0u) || Equals(value, 0ul) || Equals(value, 0) || Equals(value, ByteString.Empty) || Equals(value, false))
            {
                continue;
            }

            left.Remove(field.FullName);
            if (IsOwn(field))
            {
                foreach (var part in (value as System.Collections.IEnumerable)?.OfType<IMessage>() ?? [(IMessage)value])
                {
                    Remove(part, left);
                }
            }
        }
    }

    private static bool IsOwn(FieldDescriptor field) =>
        field is { FieldType: FieldType.Message, IsMap: false } && field.MessageType.File.Package == BuildEvent.Descriptor.File.Package;
}
