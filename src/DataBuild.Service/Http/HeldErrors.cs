using Microsoft.AspNetCore.Http;

namespace DataBuild.Service.Http;

/// <summary>A response's body, of which errors are held back so that they can be said in another way; all else goes through.</summary>
internal sealed class HeldErrors(Stream body, HttpResponse response) : Stream
{
    private readonly MemoryStream held = new();

    public ReadOnlyMemory<byte> Held => held.GetBuffer().AsMemory(0, (int)held.Length);

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    private bool IsError => response.StatusCode >= 400 && !response.HasStarted && !response.ContentLength.HasValue;

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!IsError)
        {
            return body.WriteAsync(buffer, cancellationToken);
        }

        held.Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => IsError ? Task.CompletedTask : body.FlushAsync(cancellationToken);

    public override void Flush()
    {
        if (!IsError)
        {
            body.Flush();
        }
    }

    public override void Write(byte[] buffer, int offset, int count)
    {
        if (IsError)
        {
            held.Write(buffer, offset, count);
            return;
        }

        body.Write(buffer, offset, count);
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        held.Dispose();
        base.Dispose(disposing);
    }
}
