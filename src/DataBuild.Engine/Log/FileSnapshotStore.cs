using System.Buffers;
using System.IO.Hashing;
using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Ports;
using DataBuild.V1;

namespace DataBuild.Engine.Log;

/// <summary>
/// The snapshot beside a log, in one file that is replaced as a whole. It is read twice, once to check its hash and once by the
/// state, so that not a byte of a damaged one is ever taken for state.
/// </summary>
/// <param name="log">The log it is of.</param>
/// <param name="onIgnored">Told why a snapshot that is there was not used.</param>
public sealed class FileSnapshotStore(SqliteBuildEventLog log, Action<Diagnostic>? onIgnored = null) : ISnapshotStore
{
    private const int BufferSize = 1 << 20;

    public string Path { get; } = log.Path + ".snapshot";

    public bool TryRead(uint layout, ulong lastOffset, Action<ulong, Stream> read)
    {
        FileStream file;
        try
        {
            file = new(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Ignore(e.Message);
        }

        using (file)
        {
            var header = ReadHeader(file);
            if (WhyNot(file, header, layout, lastOffset) is { } why)
            {
                return Ignore(why);
            }

            file.Position = SnapshotHeader.Size;
            using var content = new BufferedStream(file, BufferSize);
            read(header!.Value.Offset, content);
            return true;
        }
    }

    public void Write(uint layout, ulong offset, Action<Stream> write)
    {
        var chain = log.ChainAt(offset) ?? throw new ArgumentOutOfRangeException(nameof(offset), offset, "The log ends before.");
        try
        {
            Replace(content => new(layout, offset, chain, content.Written, content.Hash), write);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataBuildException(
                Rules.SnapshotNotWritten,
                $"The snapshot '{Path}' could not be written: {e.Message} Nothing is lost, the next start replays the log; free space or make the folder writable.",
                inner: e);
        }
    }

    private void Replace(Func<HashingStream, SnapshotHeader> headerOf, Action<Stream> write)
    {
        var temporary = Path + ".new";
        try
        {
            using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.ReadWrite, BufferSize))
            {
                file.Position = SnapshotHeader.Size;
                var content = new HashingStream(file);
                write(content);
                file.Position = 0;
                file.Write(headerOf(content).ToBytes());
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, Path, overwrite: true);
            UnixFiles.SyncDirectory(System.IO.Path.GetDirectoryName(Path)!);
        }
        catch
        {
            // Where the disk is full, the unfinished one is in the way of what matters more.
            if (File.Exists(temporary))
            {
                File.Delete(temporary);
            }

            throw;
        }
    }

    private bool Ignore(string why)
    {
        onIgnored?.Invoke(Rules.SnapshotIgnored.At(
            $"The snapshot '{Path}' was not used: {why.TrimEnd('.')}. The state is replayed from the log, and the next snapshot replaces it."));
        return false;
    }

    private static SnapshotHeader? ReadHeader(FileStream file)
    {
        var bytes = new byte[SnapshotHeader.Size];
        return SnapshotHeader.Parse(bytes.AsSpan(0, file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)));
    }

    private string? WhyNot(FileStream file, SnapshotHeader? header, uint layout, ulong lastOffset)
    {
        if (header is not { } known)
        {
            return "its header is damaged or of another version";
        }

        if (known.Layout != layout)
        {
            return $"it is of layout {known.Layout}, this DataBuild reads layout {layout}";
        }

        if (known.Offset > lastOffset)
        {
            return $"it is of offset {known.Offset}, the log ends at {lastOffset}";
        }

        if (log.ChainAt(known.Offset) != known.Chain)
        {
            return $"it is of another log, or of another history of this one before offset {known.Offset}";
        }

        return file.Length - SnapshotHeader.Size == known.Length && HashOfRest(file) == known.Hash ? null : "its content is damaged";
    }

    private static ulong HashOfRest(FileStream file)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            var hash = new XxHash3();
            for (int read; (read = file.Read(buffer)) > 0;)
            {
                hash.Append(buffer.AsSpan(0, read));
            }

            return hash.GetCurrentHashAsUInt64();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
