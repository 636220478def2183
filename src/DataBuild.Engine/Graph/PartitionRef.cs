using System.Text;

namespace DataBuild.Engine.Graph;

/// <summary>
/// The rules of a ref's text. A ref is also a path below the data root: what is accepted here must stay below that root on every
/// supported file system (ext4, APFS, NTFS), and must be a name that each of them can hold.
/// </summary>
public static class PartitionRef
{
    /// <summary>Most bytes of UTF-8.</summary>
    public const int MaxBytes = 1024;

    /// <summary>Most bytes of UTF-8 between two slashes: what ext4 holds, and never more than the 255 characters of the others.</summary>
    public const int MaxSegmentBytes = 255;

    /// <summary>The first segment under which the engine keeps its own files in the data root.</summary>
    public const string ReservedSegment = ".databuild";

    /// <summary>Not one of these is in a ref: NTFS refuses most; braces mark placeholders and ';' parts lists.</summary>
    internal const string ForbiddenPunctuation = "<>:\"|?*{};";

    // Names that Windows takes for devices, whatever follows their first dot.
    internal static readonly string[] DeviceNames =
    [
        "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$",
        .. "0123456789\u00b9\u00b2\u00b3".SelectMany(digit => new[] { $"COM{digit}", $"LPT{digit}" }),
    ];

    // For each ASCII character whether it may be in no ref. A plain loop over short texts beats vectors, and allocates nothing at any tier.
    private static readonly bool[] Unwanted =
        [.. Enumerable.Range(0, 128).Select(code => char.IsControl((char)code) || code == '\\' || ForbiddenPunctuation.Contains((char)code))];

    /// <summary>True if the text may be a ref; else <paramref name="problem"/> says what is wrong, to follow "the ref 'x' ".</summary>
    public static bool TryValidate(string text, out string problem)
    {
        var flaw = Check(text);
        problem = Describe(flaw);
        return flaw == RefFlaw.None;
    }

    internal static bool IsValid(ReadOnlySpan<char> text) => Check(text) == RefFlaw.None;

    internal static RefFlaw Check(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
        {
            return RefFlaw.Empty;
        }

        var isAscii = true;
        foreach (var c in text)
        {
            if (c >= 128)
            {
                isAscii = false;
            }
            else if (Unwanted[c])
            {
                return CheckCharacter(c);
            }
        }

        if (!isAscii && CheckBeyondAscii(text) is var beyond and not RefFlaw.None)
        {
            return beyond;
        }

        if (IsLonger(text, MaxBytes))
        {
            return RefFlaw.TooLong;
        }

        for (var first = true; ; first = false)
        {
            var slash = text.IndexOf('/');
            var flaw = CheckSegment(slash < 0 ? text : text[..slash], first);
            if (flaw != RefFlaw.None || slash < 0)
            {
                return flaw;
            }

            text = text[(slash + 1)..];
        }
    }

    internal static RefFlaw CheckCharacter(char c) =>
        char.IsControl(c) ? RefFlaw.Control
        : c == '\\' ? RefFlaw.Backslash
        : c < 128 && Unwanted[c] ? RefFlaw.Forbidden
        : RefFlaw.None;

    /// <summary>Checks one segment whose characters are known to be good.</summary>
    internal static RefFlaw CheckSegment(ReadOnlySpan<char> segment, bool first)
    {
        if (segment.IsEmpty)
        {
            return RefFlaw.EmptySegment;
        }

        if (segment is "." or "..")
        {
            return RefFlaw.DotSegment;
        }

        if (segment[^1] is '.' or ' ')
        {
            return RefFlaw.EndsInDotOrSpace;
        }

        if (IsLonger(segment, MaxSegmentBytes))
        {
            return RefFlaw.SegmentTooLong;
        }

        if (IsDeviceName(segment))
        {
            return RefFlaw.DeviceName;
        }

        return first && segment.Equals(ReservedSegment, StringComparison.OrdinalIgnoreCase) ? RefFlaw.Reserved : RefFlaw.None;
    }

    internal static string Describe(RefFlaw flaw) => flaw switch
    {
        RefFlaw.None => "",
        RefFlaw.Empty => "is empty",
        RefFlaw.TooLong => "is longer than 1,024 bytes of UTF-8",
        RefFlaw.NotUnicode => "holds half a surrogate pair, which is no text",
        RefFlaw.Control => "holds a control character",
        RefFlaw.Backslash => "holds a backslash; part segments with '/'",
        RefFlaw.Forbidden => $"holds one of the characters {string.Join(' ', ForbiddenPunctuation.ToCharArray())} which not every file system and list can hold",
        RefFlaw.EmptySegment => "has an empty segment: a leading, trailing or doubled '/'",
        RefFlaw.DotSegment => "has a segment '.' or '..', which could leave the data root",
        RefFlaw.SegmentTooLong => "has a segment longer than 255 bytes of UTF-8, which file systems cannot hold",
        RefFlaw.EndsInDotOrSpace => "has a segment that ends in a dot or a space, which Windows drops",
        RefFlaw.DeviceName => "has a segment that Windows takes for a device (CON, PRN, AUX, NUL, COM1, LPT1, ...)",
        RefFlaw.Reserved => $"begins with '{ReservedSegment}/', where the engine keeps its own files",
        _ => throw new ArgumentOutOfRangeException(nameof(flaw)),
    };

    // No character takes more than three bytes, so most texts need no counting.
    private static bool IsLonger(ReadOnlySpan<char> text, int bytes) =>
        text.Length * 3 > bytes && Encoding.UTF8.GetByteCount(text) > bytes;

    private static RefFlaw CheckBeyondAscii(ReadOnlySpan<char> text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsControl(text[i]))
            {
                return RefFlaw.Control;
            }

            if (char.IsSurrogate(text[i]))
            {
                if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1]))
                {
                    return RefFlaw.NotUnicode;
                }

                i++;
            }
        }

        return RefFlaw.None;
    }

    private static bool IsDeviceName(ReadOnlySpan<char> segment)
    {
        var dot = segment.IndexOf('.');
        var name = (dot < 0 ? segment : segment[..dot]).TrimEnd(' ');
        if (name.Length is < 3 or > 7 || !"CPANLcpanl".Contains(name[0]))
        {
            return false;
        }

        foreach (var device in DeviceNames)
        {
            if (name.Equals(device, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
