using System.Globalization;
using System.IO.Enumeration;
using DataBuild.V1;

namespace DataBuild.Engine.Hosting.Trying;

/// <summary>Compares two files, or two folders with all they hold, byte by byte. No fingerprint is trusted here.</summary>
internal static class ContentComparison
{
    private const int Portion = 1 << 16;

    /// <param name="one">Path of the one.</param>
    /// <param name="other">Path of the other.</param>
    /// <param name="names">What the two are called in the answer.</param>
    /// <returns>The first difference in order of names; null if there is none.</returns>
    public static Difference? Compare(string one, string other, (string One, string Other) names)
    {
        var (left, right) = (EntriesOf(one), EntriesOf(other));
        foreach (string path in left.Keys.Union(right.Keys).Order(StringComparer.Ordinal))
        {
            bool inOne = left.TryGetValue(path, out string? kind);
            bool inOther = right.TryGetValue(path, out string? otherKind);
            if (!inOne || !inOther)
            {
                return new Difference { File = path, Text = $"only {(inOne ? names.One : names.Other)} has it" };
            }

            if (kind != otherKind)
            {
                return new Difference { File = path, Text = $"{names.One} has {kind}, {names.Other} {otherKind}" };
            }

            if (kind == AFile && FirstDifference(Path.Join(one, path), Path.Join(other, path), names) is { } difference)
            {
                difference.File = path;
                return difference;
            }
        }

        return null;
    }

    private const string AFile = "a file";

    /// <summary>What there is by relative path, itself under the empty one; of a link, where it leads.</summary>
    private static Dictionary<string, string> EntriesOf(string path)
    {
        var entries = new Dictionary<string, string>(StringComparer.Ordinal);
        if (File.Exists(path))
        {
            entries[""] = AFile;
        }
        else if (Directory.Exists(path))
        {
            entries[""] = "a folder";
            var all = new FileSystemEnumerable<(string Path, string Kind)>(
                path,
                (ref entry) => (Path.GetRelativePath(path, entry.ToFullPath()), KindOf(entry.ToFileSystemInfo())),
                new EnumerationOptions { AttributesToSkip = 0, IgnoreInaccessible = false, RecurseSubdirectories = true })
            {
                ShouldRecursePredicate = static (ref entry) => entry.ToFileSystemInfo().LinkTarget is null,
            };
            foreach (var (relative, kind) in all)
            {
                entries[relative] = kind;
            }
        }

        return entries;
    }

    private static string KindOf(FileSystemInfo info) => info.LinkTarget is { } target ? $"a link to '{target}'" : info is FileInfo ? AFile : "a folder";

    private static Difference? FirstDifference(string one, string other, (string One, string Other) names)
    {
        using var left = new FileStream(one, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        using var right = new FileStream(other, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        byte[] a = new byte[Portion], b = new byte[Portion];
        for (long offset = 0; ; offset += Portion)
        {
            int inA = left.ReadAtLeast(a, Portion, throwOnEndOfStream: false);
            int inB = right.ReadAtLeast(b, Portion, throwOnEndOfStream: false);
            int common = a.AsSpan(0, inA).CommonPrefixLength(b.AsSpan(0, inB));
            if (common < inA && common < inB)
            {
                string text = string.Create(CultureInfo.InvariantCulture, $"{names.One} has the byte {a[common]:x2} there, {names.Other} {b[common]:x2}");
                return new Difference { Offset = offset + common, Text = text };
            }

            if (inA != inB)
            {
                return new Difference { Offset = offset + common, Text = $"{(inA < inB ? names.One : names.Other)} ends there, {(inA < inB ? names.Other : names.One)} goes on" };
            }

            if (inA < Portion)
            {
                return null;
            }
        }
    }
}
