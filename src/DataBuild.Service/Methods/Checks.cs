using System.Collections;
using DataBuild.Engine.Diagnostics;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace DataBuild.Service.Methods;

/// <summary>What every request must be before anybody looks at what it says: bounded, and text without control characters.</summary>
internal static class Checks
{
    public static void Check(IMessage request)
    {
        foreach (var field in request.Descriptor.Fields.InFieldNumberOrder())
        {
            object? value = field.Accessor.GetValue(request);
            if (value is IList list)
            {
                if (list.Count > ApiLimits.LongestList)
                {
                    throw new DataBuildException(Rules.BadRequest, $"{field.Name} has {list.Count} elements, where at most {ApiLimits.LongestList} are taken; sets say many refs in one expression");
                }

                foreach (object item in list)
                {
                    Check(field, item);
                }
            }
            else if (value is not null)
            {
                Check(field, value);
            }
        }
    }

    private static void Check(FieldDescriptor field, object value)
    {
        if (value is IMessage message)
        {
            Check(message);
        }
        else if (value is string text && field.Name != "page_token")
        {
            if (text.Length > ApiLimits.LongestText)
            {
                throw new DataBuildException(Rules.BadRequest, $"{field.Name} has {text.Length} characters, where at most {ApiLimits.LongestText} are taken");
            }

            if (text.AsSpan().IndexOfAnyInRange('\0', '\x1f') is >= 0 and var at && (field.Name != "comment" || text[at] == '\0'))
            {
                throw new DataBuildException(Rules.BadRequest, $"{field.Name} has the control character U+{(int)text[at]:X4} at {at + 1}, which no name has");
            }
        }
    }
}
