using System.Text;

namespace DataBuild.Fuzz.Tests;

/// <summary>Makes inputs of good ones: by cutting, doubling, swapping, splicing, and by putting in what is most likely to go wrong.</summary>
internal static class Mutate
{
    private const int LongestText = 20_000;

    private static readonly string[] hostile =
    [
        "/", "..", ".", "//", "\\", "\0", "\n", "\r\n", "\t", " ", "\u00a0", "\u202e", "\ud83d\ude00", "\ud800", "\udc00", "\u0130", "ß", "e\u0301",
        "{", "}", "{{", "}}", "|", "..", ":", ";", ",", "\"", "'", "`", "$", "%", "%00", "%2e%2e", "*", "?", "~", "<", ">", "&", "#", "=", "+", "-",
        "0", "-1", "00", "1e9", "2147483648", "9223372036854775807", "9223372036854775808", "99999999999999999999999", "NaN", "∞",
        "0000-00-00", "0001-01-01", "9999-12-31", "2001-02-29", "2001-13", "9999-12-31T23", "T24", "today", "con", "NUL.x", ".databuild", ".DataBuild", "C:",
    ];

    public static string Text(Random random, string[] corpus, string[] tokens)
    {
        string text = corpus[random.Next(corpus.Length)];
        for (int changes = random.Next(8); changes > 0; changes--)
        {
            text = Change(random, text, corpus, tokens);
        }

        return text;
    }

    public static byte[] Bytes(Random random, IReadOnlyList<byte[]> corpus)
    {
        var bytes = corpus[random.Next(corpus.Count)].ToList();
        for (int changes = random.Next(1, 6); changes > 0; changes--)
        {
            int at = random.Next(bytes.Count + 1);
            switch (random.Next(8))
            {
                case 0 when bytes.Count > 0:
                    bytes[Math.Min(at, bytes.Count - 1)] ^= (byte)(1 << random.Next(8));
                    break;
                case 1 when bytes.Count > 0:
                    bytes[Math.Min(at, bytes.Count - 1)] = Edge(random);
                    break;
                case 2:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                case 3:
                    bytes.RemoveRange(at, Math.Min(random.Next(20), bytes.Count - at));
                    break;
                case 4:
                    bytes.InsertRange(at, Enumerable.Range(0, random.Next(1, 20)).Select(_ => Edge(random)).ToArray());
                    break;
                case 5:
                    var other = corpus[random.Next(corpus.Count)];
                    int from = random.Next(other.Length + 1);
                    bytes.InsertRange(at, other[from..(from + Math.Min(random.Next(200), other.Length - from))]);
                    break;
                case 6:
                    int length = Math.Min(random.Next(50), bytes.Count - at);
                    bytes.InsertRange(at, bytes.GetRange(at, length));
                    break;
                default:
                    for (int i = at; i < Math.Min(bytes.Count, at + 8); i++)
                    {
                        bytes[i] = (byte)random.Next(256);
                    }

                    break;
            }
        }

        return [.. bytes];
    }

    private static byte Edge(Random random) => random.Next(4) switch
    {
        0 => 0,
        1 => 0xff,
        2 => 0x7f,
        _ => (byte)random.Next(256),
    };

    private static string Change(Random random, string text, string[] corpus, string[] tokens)
    {
        int at = random.Next(text.Length + 1);
        int end = Math.Min(text.Length, at + random.Next(1, 6));
        string piece = random.Next(3) == 0 ? hostile[random.Next(hostile.Length)] : tokens[random.Next(tokens.Length)];
        string changed = random.Next(9) switch
        {
            0 or 1 => text.Insert(at, piece),
            2 => text[..at] + piece + text[end..],
            3 => text.Remove(at, end - at),
            4 => text[..at],
            5 => text[at..],
            6 => text.Insert(at, text[at..end]),
            7 => text[..at] + corpus[random.Next(corpus.Length)],
            _ => new StringBuilder(text).Insert(at, piece, random.Next(1, random.Next(20) == 0 ? 2000 : 10)).ToString(),
        };
        return changed.Length > LongestText ? changed[..LongestText] : changed;
    }
}
