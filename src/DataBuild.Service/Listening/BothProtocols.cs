using System.Buffers;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace DataBuild.Service.Listening;

/// <summary>
/// HTTP/1.1 and HTTP/2 without TLS on one port. Kestrel speaks one of them at an endpoint; a client that speaks HTTP/2 says so by the
/// first bytes that it sends, and its connection is handed to an endpoint that does.
/// </summary>
internal sealed class BothProtocols
{
    /// <summary>No request of HTTP/1.1 begins like this.</summary>
    private static readonly byte[] preface = "PRI "u8.ToArray();

    /// <summary>A client that connects and says nothing is hung up on.</summary>
    private static readonly TimeSpan patience = TimeSpan.FromSeconds(60);

    private ConnectionDelegate http2 = _ => throw new InvalidOperationException("no endpoint speaks HTTP/2");

    /// <summary>The endpoint that connections of HTTP/2 are handed to.</summary>
    public void UseForHttp2(ListenOptions nowhere)
    {
        nowhere.Protocols = HttpProtocols.Http2;
        nowhere.Use(next => http2 = next);
    }

    /// <summary>An endpoint that takes both.</summary>
    public void UseFor(ListenOptions both)
    {
        both.Protocols = HttpProtocols.Http1;
        both.Use(next => connection => ChooseAsync(connection, next));
    }

    private async Task ChooseAsync(ConnectionContext connection, ConnectionDelegate http1)
    {
        bool? speaksHttp2;
        using (var silent = CancellationTokenSource.CreateLinkedTokenSource(connection.ConnectionClosed))
        {
            silent.CancelAfter(patience);
            try
            {
                speaksHttp2 = await SpeaksHttp2Async(connection, silent.Token).ConfigureAwait(false);
            }
            catch (Exception e) when (e is OperationCanceledException or IOException)
            {
                return;
            }
        }

        if (speaksHttp2 is { } known)
        {
            await (known ? http2 : http1)(connection).ConfigureAwait(false);
        }
    }

    /// <summary>Reads no more than it has to, and leaves all of it to be read. Null if nothing came.</summary>
    private static async Task<bool?> SpeaksHttp2Async(ConnectionContext connection, CancellationToken stop)
    {
        var input = connection.Transport.Input;
        while (true)
        {
            var read = await input.ReadAsync(stop).ConfigureAwait(false);
            var start = read.Buffer.Slice(0, Math.Min(read.Buffer.Length, preface.Length)).ToArray();
            bool mayBe = preface.AsSpan().StartsWith(start);
            if (!mayBe || start.Length == preface.Length || read.IsCompleted)
            {
                input.AdvanceTo(read.Buffer.Start);
                return start.Length == 0 ? null : mayBe && start.Length == preface.Length;
            }

            input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }
}
