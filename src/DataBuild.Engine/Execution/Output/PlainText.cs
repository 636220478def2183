using System.Text;

namespace DataBuild.Engine.Execution.Output;

/// <summary>Makes valid, harmless text of whatever bytes a job wrote.</summary>
internal static class PlainText
{
    private const char Escape = '\x1b';

    /// <summary>Decoded, with U+FFFD for what is not UTF-8; colour codes and control characters but line ends and tabs removed.</summary>
    public static string Of(ReadOnlySpan<byte> bytes)
    {
        var raw = Encoding.UTF8.GetString(bytes);
        if (!raw.AsSpan().ContainsAnyInRange('\0', '\x1f') && !raw.AsSpan().ContainsAnyInRange('\x7f', '\x9f'))
        {
            return raw;
        }

        var text = new StringBuilder(raw.Length);
        for (var index = 0; index < raw.Length; index++)
        {
            var character = raw[index];
            if (character == Escape && index + 1 < raw.Length && raw[index + 1] == '[')
            {
                // ESC [ parameters final, the final byte being the first from @ to ~.
                index += 2;
                while (index < raw.Length && raw[index] is not (>= '@' and <= '~'))
                {
                    index++;
                }
            }
            else if (character is '\n' or '\t' || !char.IsControl(character))
            {
                text.Append(character);
            }
        }

        return text.ToString();
    }

    /// <summary>The text's end, at most so many bytes of UTF-8, cut between characters.</summary>
    public static string Last(string text, int mostBytes)
    {
        var start = text.Length;
        var bytes = 0;
        while (start > 0)
        {
            var width = start > 1 && char.IsSurrogatePair(text[start - 2], text[start - 1]) ? 2 : 1;
            bytes += Encoding.UTF8.GetByteCount(text.AsSpan(start - width, width));
            if (bytes > mostBytes)
            {
                break;
            }

            start -= width;
        }

        return text[start..];
    }

    /// <summary>For quoting within one line: shortened, blanks for line ends and tabs.</summary>
    public static string Quote(string text, int most = 120)
    {
        var clean = Of(Encoding.UTF8.GetBytes(text.Length > 4 * most ? text[..(4 * most)] : text)).ReplaceLineEndings(" ").Replace('\t', ' ').Trim();
        if (clean.Length <= most)
        {
            return clean;
        }

        var end = char.IsHighSurrogate(clean[most - 1]) ? most - 1 : most;
        return clean[..end] + "...";
    }
}
