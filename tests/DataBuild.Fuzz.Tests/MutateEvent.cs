using System.Collections;
using DataBuild.V1;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;

namespace DataBuild.Fuzz.Tests;

/// <summary>Makes events of good ones by changing what they say: parts taken away, doubled, taken from another event, and values that are none.</summary>
internal static class MutateEvent
{
    private static readonly string[] texts = ["", "n/1", "n/{1..3}", "n/{n:int}", "m/2", "s/x", "in/1", "w", "x", "make", "full", "../up", "a\nb", "{", "01890000-0000-7000-8000-000000000002", "no uuid", "9d", "-1"];
    private static readonly long[] seconds = [0, 1, -1, 1_700_000_005, 253_402_300_799, 253_402_300_800, -62_135_596_800, -62_135_596_801, 315_576_000_000, long.MaxValue, long.MinValue];
    private static readonly int[] nanos = [0, 1, -1, 999_999_999, 1_000_000_000, int.MinValue];

    public static BuildEvent Of(Random random, IReadOnlyList<BuildEvent> corpus)
    {
        var e = corpus[random.Next(corpus.Count)].Clone();
        for (int changes = random.Next(1, 4); changes > 0; changes--)
        {
            var parts = Parts(e).ToList();
            var part = parts[random.Next(parts.Count)];
            var fields = part.Descriptor.Fields.InDeclarationOrder();
            Change(random, part, fields[random.Next(fields.Count)], corpus);
        }

        return e;
    }

    private static void Change(Random random, IMessage part, FieldDescriptor field, IReadOnlyList<BuildEvent> corpus)
    {
        if (field.IsMap || random.Next(4) == 0)
        {
            field.Accessor.Clear(part);
        }
        else if (field.IsRepeated)
        {
            ChangeList(random, (IList)field.Accessor.GetValue(part), field, corpus);
        }
        else if (Value(random, field, corpus) is { } value)
        {
            field.Accessor.SetValue(part, value);
        }
    }

    private static void ChangeList(Random random, IList list, FieldDescriptor field, IReadOnlyList<BuildEvent> corpus)
    {
        if (list.Count > 0 && random.Next(2) == 0)
        {
            list.RemoveAt(random.Next(list.Count));
        }
        else if (list.Count > 0 && random.Next(2) == 0)
        {
            object? again = list[random.Next(list.Count)];
            list.Add(again is IMessage message ? Clone(message) : again);
        }
        else if (Value(random, field, corpus) is { } value)
        {
            list.Insert(random.Next(list.Count + 1), value);
        }
    }

    private static object? Value(Random random, FieldDescriptor field, IReadOnlyList<BuildEvent> corpus) => field.FieldType switch
    {
        FieldType.String => texts[random.Next(texts.Length)],
        FieldType.Bytes => ByteString.CopyFrom(new byte[random.Next(0, 20)]),
        FieldType.Bool => random.Next(2) == 0,
        FieldType.Int32 => Number(random, int.MinValue, int.MaxValue),
        FieldType.UInt32 => random.Next(3) == 0 ? uint.MaxValue : (uint)random.Next(5),
        FieldType.Int64 => random.Next(3) == 0 ? long.MinValue : random.Next(-2, 9),
        FieldType.UInt64 => random.Next(3) == 0 ? ulong.MaxValue : (ulong)random.Next(40),
        FieldType.Enum => System.Enum.ToObject(field.EnumType.ClrType, Number(random, -1, 99)),
        FieldType.Message when field.MessageType == Timestamp.Descriptor => new Timestamp { Seconds = Pick(random, seconds), Nanos = Pick(random, nanos) },
        FieldType.Message when field.MessageType == Duration.Descriptor => new Duration { Seconds = Pick(random, seconds), Nanos = Pick(random, nanos) },
        FieldType.Message => Another(random, field.MessageType, corpus),
        _ => throw new NotSupportedException($"no value for {field.FullName}"),
    };

    /// <summary>A part of the same kind of any event, or an empty one.</summary>
    private static IMessage Another(Random random, MessageDescriptor kind, IReadOnlyList<BuildEvent> corpus)
    {
        var all = corpus.SelectMany(Parts).Where(part => part.Descriptor == kind).ToList();
        return all.Count == 0 || random.Next(4) == 0 ? kind.Parser.ParseFrom(ByteString.Empty) : Clone(all[random.Next(all.Count)]);
    }

    private static IMessage Clone(IMessage message) => message.Descriptor.Parser.ParseFrom(message.ToByteString());

    private static int Number(Random random, int least, int most) => random.Next(6) switch { 0 => least, 1 => most, _ => random.Next(9) };

    private static T Pick<T>(Random random, T[] from) => from[random.Next(from.Length)];

    /// <summary>The message and all messages within it.</summary>
    private static IEnumerable<IMessage> Parts(IMessage message)
    {
        yield return message;
        foreach (var field in message.Descriptor.Fields.InDeclarationOrder().Where(field => field is { FieldType: FieldType.Message, IsMap: false }))
        {
            object? value = field.Accessor.GetValue(message);
            foreach (var part in (value is IMessage one ? [one] : (value as IEnumerable)?.OfType<IMessage>() ?? []).SelectMany(Parts))
            {
                yield return part;
            }
        }
    }
}
