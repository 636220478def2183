using System.Net;
using System.Net.Sockets;

namespace DataBuild.Cli.Tests.Planning;

/// <summary>A server of files on the loopback address, that answers as it is told.</summary>
internal sealed class LogServer : IDisposable
{
    private readonly HttpListener listener = new();
    private readonly Task serving;

    public LogServer(Action<HttpListenerContext> answer)
    {
        Address = $"http://127.0.0.1:{FreePort()}/";
        listener.Prefixes.Add(Address);
        listener.Start();
        serving = Task.Run(() => Serve(answer));
    }

    public string Address { get; }

    /// <summary>What was asked for: path and query, and the headers that matter.</summary>
    public List<(string Path, string? IfNoneMatch, string? Authorization)> Asked { get; } = [];

    public static void Give(HttpListenerContext context, byte[] bytes, string? etag = null)
    {
        if (etag is not null)
        {
            context.Response.Headers["ETag"] = etag;
            if (context.Request.Headers["If-None-Match"] == etag)
            {
                context.Response.StatusCode = 304;
                context.Response.Close();
                return;
            }
        }

        context.Response.ContentLength64 = bytes.Length;
        context.Response.OutputStream.Write(bytes);
        context.Response.Close();
    }

    public static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    public void Dispose()
    {
        listener.Close();
        Assert.True(serving.Wait(TimeSpan.FromSeconds(30)), "the server does not end");
    }

    private void Serve(Action<HttpListenerContext> answer)
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = listener.GetContext();
            }
            catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            lock (Asked)
            {
                Asked.Add((context.Request.RawUrl!, context.Request.Headers["If-None-Match"], context.Request.Headers["Authorization"]));
            }

            answer(context);
        }
    }
}
