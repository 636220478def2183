using System.Collections;
using DataBuild.V1;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace DataBuild.Engine.Hosting.Queries;

/// <summary>Shortens the lists of an event, at any depth: one event may name a million refs.</summary>
public static class EventCut
{
    /// <summary>The event with at most so many elements a list, and how many were left off; the event itself where none are.</summary>
    public static LoggedEvent Of(ulong offset, BuildEvent stored, int most)
    {
        long over = 0;
        Walk(stored, list => over += Math.Max(0, list.Count - most));
        if (over == 0)
        {
            return new LoggedEvent { Offset = offset, Event = stored };
        }

        var cut = stored.Clone();
        long left = 0;
        Walk(cut, list =>
        {
            for (; list.Count > most; left++)
            {
                list.RemoveAt(list.Count - 1);
            }
        });
        return new LoggedEvent { Offset = offset, Event = cut, LeftOff = left };
    }

    private static void Walk(IMessage message, Action<IList> onList)
    {
        foreach (var field in message.Descriptor.Fields.InFieldNumberOrder())
        {
            if (field.IsMap)
            {
                continue;
            }

            if (field.IsRepeated)
            {
                var list = (IList)field.Accessor.GetValue(message);
                onList(list);
                if (field.FieldType == FieldType.Message)
                {
                    foreach (IMessage item in list)
                    {
                        Walk(item, onList);
                    }
                }
            }
            else if (field.FieldType == FieldType.Message && field.Accessor.GetValue(message) is IMessage inner)
            {
                Walk(inner, onList);
            }
        }
    }
}
