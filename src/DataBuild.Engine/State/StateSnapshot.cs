namespace DataBuild.Engine.State;

/// <summary>
/// A state as bytes. Reading what was written gives the state that a replay of the log to the same offset gives; refs that nothing
/// is known of are left out.
/// </summary>
public static class StateSnapshot
{
    /// <summary>Raised when the bytes or their meaning change: an older snapshot is then ignored and made anew by replay.</summary>
    public const uint Layout = 5;

    /// <param name="state">What to write.</param>
    /// <param name="stream">Where to.</param>
    /// <param name="canonical">Order refs by name, so that equal states are equal bytes whatever the order in which refs were first named.</param>
    public static void Write(BuildState state, Stream stream, bool canonical = false)
    {
        using var buffer = new BufferedStream(new Unclosed(stream), 1 << 16);
        using var writer = new BinaryWriter(buffer);
        state.Save(new SnapshotWriter(writer), canonical);
    }

    public static BuildState Read(Stream stream)
    {
        using var reader = new BinaryReader(new BufferedStream(new Unclosed(stream), 1 << 16));
        return BuildState.Load(new SnapshotReader(reader));
    }

    /// <summary>The caller's stream stays open.</summary>
    private sealed class Unclosed(Stream inner) : Stream
    {
        public override bool CanRead => inner.CanRead;

        public override bool CanSeek => false;

        public override bool CanWrite => inner.CanWrite;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override void Flush() => inner.Flush();

        public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);

        public override int Read(Span<byte> buffer) => inner.Read(buffer);

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => inner.Write(buffer, offset, count);

        public override void Write(ReadOnlySpan<byte> buffer) => inner.Write(buffer);
    }
}
