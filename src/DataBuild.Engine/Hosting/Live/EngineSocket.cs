using System.Globalization;
using System.Net.Sockets;
using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Files;
using Microsoft.Win32.SafeHandles;

namespace DataBuild.Engine.Hosting.Live;

/// <summary>
/// Where a state directory's engine takes commands. A socket's path has at most 107 bytes, which a state directory may well exceed: it
/// is reached through a descriptor of the opened folder.
/// </summary>
internal sealed class EngineSocket : IDisposable
{
    /// <summary>Where an engine takes commands.</summary>
    public const string Commands = "engine.sock";

    /// <summary>Where a service takes builds.</summary>
    public const string Builds = "service.sock";

    /// <summary>Read and write for its user, nothing for anybody else.</summary>
    private const uint OwnerOnly = 0x180;

    private readonly SafeFileHandle folder;
    private readonly string name;

    private EngineSocket(SafeFileHandle folder, string name)
    {
        this.folder = folder;
        this.name = name;
    }

    private UnixDomainSocketEndPoint EndPoint => new(PathOf(name));

    /// <summary>Null if the folder cannot be opened: there is no socket in it either.</summary>
    public static EngineSocket? In(string stateDirectory, string name)
    {
        int file = Libc.Open(stateDirectory, Libc.OpenToRead);
        return file < 0 ? null : new EngineSocket(new SafeFileHandle(file, ownsHandle: true), name);
    }

    /// <summary>
    /// Listens, for this user alone, in the place of whoever did before. Only the holder of the lease may: a socket of another engine is
    /// then that of a dead one. It appears under its name when it takes connections and nobody else may use it, not before.
    /// </summary>
    public Socket Listen(int backlog)
    {
        string made = PathOf(string.Create(CultureInfo.InvariantCulture, $"{name}.{Environment.ProcessId}"));
        File.Delete(made);
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Bind(new UnixDomainSocketEndPoint(made));
            var error = Libc.Result(Libc.ChangeMode(made, OwnerOnly));
            socket.Listen(backlog);
            error = error == Errno.None ? Libc.Result(Libc.Rename(made, PathOf(name))) : error;
            return error == Errno.None ? socket : throw StorageError.Of(error, $"listen at '{name}'");
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public void Remove() => File.Delete(PathOf(name));

    /// <summary>Null if nobody listens.</summary>
    public async Task<Socket?> ConnectAsync(CancellationToken stop)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(EndPoint, stop).ConfigureAwait(false);
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            return null;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public void Dispose() => folder.Dispose();

    private string PathOf(string file) => string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{folder.DangerousGetHandle()}/{file}");
}
