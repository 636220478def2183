using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace DataBuild.Faults.Tests.PowerLoss;

/// <summary>Reads what strace wrote (one file a thread) into operations below a folder, in the order in which they ended.</summary>
internal sealed partial class StraceReader(string folder, string acknowledgements)
{
    public const string Calls =
        "write,pwrite64,writev,pwritev,pwritev2,ftruncate,truncate,rename,renameat,renameat2,mkdir,mkdirat,unlink,unlinkat,rmdir,"
        + "link,linkat,symlink,symlinkat,openat,open,creat,copy_file_range,sendfile,fallocate,fsync,fdatasync,syncfs,sync,sync_file_range";

    /// <summary>Offset of writes to wherever the file then ends.</summary>
    public const long AtEnd = -1;

    /// <summary>Offset of a write that goes on where the last one ended.</summary>
    public const long GoOn = -2;

    /// <summary>Result of a call in whose midst the process was killed.</summary>
    private const string Unknown = "?";

    public List<FileOp> Read(string traces) =>
        [.. Directory.EnumerateFiles(traces).SelectMany(File.ReadLines).SelectMany(Parse).OrderBy(op => op.End)];

    private IEnumerable<FileOp> Parse(string line)
    {
        var call = Call().Match(line);
        if (!call.Success)
        {
            return [];
        }

        long begin = Nanoseconds(call.Groups["time"].Value);
        long end = begin + Nanoseconds(call.Groups["took"].Value);
        string text = call.Groups["arguments"].Value;
        string[] arguments = text.Split(", ");
        return Interpret(call.Groups["name"].Value, arguments, text, call.Groups["result"].Value) is { } op
            ? [op with { Begin = begin, End = end, IsUncertain = call.Groups["result"].Value == Unknown }]
            : [];
    }

    private FileOp? Interpret(string name, string[] arguments, string text, string result)
    {
        FileOp? On(string? path, OpKind kind) => path is null ? null : new FileOp(kind, path, 0, 0);
        switch (name)
        {
            case "write":
                return Opened(arguments[0]) is { } written ? new FileOp(OpKind.Write, written, 0, 0) { Offset = GoOn, Bytes = Bytes(arguments[1], result) }
                    : OpenedFile(arguments[0]) == acknowledgements ? new FileOp(OpKind.Acknowledge, "", 0, 0) { Bytes = Bytes(arguments[1], result) }
                    : null;
            case "pwrite64":
                return On(Opened(arguments[0]), OpKind.Write) is { } at ? at with { Offset = Number(arguments[3]), Bytes = Bytes(arguments[1], result) }
                    : OpenedFile(arguments[0]) == acknowledgements ? new FileOp(OpKind.Acknowledge, "", 0, 0) { Bytes = Bytes(arguments[1], result) }
                    : null;
            case "writev":
                return On(Opened(arguments[0]), OpKind.Write) is { } gathered
                    ? gathered with { Offset = GoOn, Bytes = Bytes(string.Concat(Gathered().Matches(text).Select(part => part.Value)), result) }
                    : null;
            case "ftruncate":
                return On(Opened(arguments[0]), OpKind.SetLength) is { } cut ? cut with { Offset = Number(arguments[1]) } : null;
            case "openat":
                return Open(Named(arguments[0], arguments[1]), arguments[2]);
            case "open":
                return Open(Named("", arguments[0]), arguments[1]);
            case "mkdir":
                return On(Named("", arguments[0]), OpKind.MakeFolder);
            case "mkdirat":
                return On(Named(arguments[0], arguments[1]), OpKind.MakeFolder);
            case "unlink" or "rmdir":
                return On(Named("", arguments[0]), OpKind.Remove);
            case "unlinkat":
                return On(Named(arguments[0], arguments[1]), OpKind.Remove);
            case "symlink":
                return On(Named("", arguments[1]), OpKind.Symlink) is { } link ? link with { Other = Text(arguments[0]) } : null;
            case "symlinkat":
                return On(Named(arguments[1], arguments[2]), OpKind.Symlink) is { } linkAt ? linkAt with { Other = Text(arguments[0]) } : null;
            case "rename":
                return Moved(Named("", arguments[0]), Named("", arguments[1]), "0", text);
            case "renameat":
                return Moved(Named(arguments[0], arguments[1]), Named(arguments[2], arguments[3]), "0", text);
            case "renameat2":
                return Moved(Named(arguments[0], arguments[1]), Named(arguments[2], arguments[3]), arguments[4], text);
            case "fsync" or "fdatasync":
                return On(Opened(arguments[0]), OpKind.SyncFile);
            case "syncfs":
                return On(Opened(arguments[0]), OpKind.SyncAll);
            default:
                // Whatever the engine or a job came to use that isn't modelled must not go unseen.
                return text.Contains(Hex(folder), StringComparison.Ordinal) ? throw new NotSupportedException($"{name}({text[..Math.Min(text.Length, 400)]})") : null;
        }
    }

    private static FileOp? Open(string? path, string flags) =>
        path is null || flags.StartsWith("O_RDONLY", StringComparison.Ordinal) ? null : new FileOp(OpKind.Create, path, 0, 0)
        {
            Empties = flags.Contains("O_TRUNC", StringComparison.Ordinal), Offset = flags.Contains("O_APPEND", StringComparison.Ordinal) ? AtEnd : 0,
        };

    private static FileOp? Moved(string? from, string? to, string flags, string text) =>
        from is null && to is null ? null
        : from is null || to is null ? throw new NotSupportedException($"a rename in or out: {text}")
        : new FileOp(flags.Contains("EXCHANGE", StringComparison.Ordinal) ? OpKind.Exchange : OpKind.Rename, from, 0, 0) { Other = to };

    private string? Opened(string descriptor) => Within(OpenedFile(descriptor));

    private static string OpenedFile(string descriptor) =>
        Descriptor().Match(descriptor) is { Success: true } match ? Text(match.Groups["path"].Value) : "";

    private string? Named(string at, string path) => Within(Path.Combine(OpenedFile(at), Text(path)));

    private string? Within(string path)
    {
        path = path.TrimEnd('/');
        return path == folder ? "" : path.StartsWith(folder + "/", StringComparison.Ordinal) && !path.EndsWith("-shm", StringComparison.Ordinal) ? path[(folder.Length + 1)..] : null;
    }

    private static string Text(string hex) => Encoding.UTF8.GetString(Bytes(hex, ""));

    private static byte[] Bytes(string hex, string count)
    {
        if (hex.EndsWith("...", StringComparison.Ordinal))
        {
            throw new InvalidOperationException("strace cut a string off: -s is too small");
        }

        byte[] bytes = Convert.FromHexString(hex.Trim('"').Replace("\\x", "", StringComparison.Ordinal));
        return count.Length > 0 && count != Unknown ? bytes[..(int)Number(count)] : bytes;
    }

    private static string Hex(string text) => string.Concat(Encoding.UTF8.GetBytes(text).Select(one => $"\\x{one:x2}"));

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    private static long Nanoseconds(string seconds) => seconds.Length == 0 ? 0 : Number(seconds.Replace(".", "", StringComparison.Ordinal));

    [GeneratedRegex(@"^(?<time>\d+\.\d{9}) (?<name>\w+)\((?<arguments>.*)(?: <unfinished \.\.\.>)?\) += (?<result>\d+|\?)(?:<[^>]*>)?(?: <(?<took>\d+\.\d{9})>)?$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Call();

    [GeneratedRegex(@"^\w+<(?<path>[^>]*)>$", RegexOptions.ExplicitCapture)]
    private static partial Regex Descriptor();

    [GeneratedRegex(@"(?<=iov_base="")[^""]*")]
    private static partial Regex Gathered();
}
