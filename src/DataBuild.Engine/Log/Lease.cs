using DataBuild.Engine.Diagnostics;
using Microsoft.Win32.SafeHandles;

namespace DataBuild.Engine.Log;

/// <summary>
/// The right to write a log. It ends when it is disposed or its process ends, in whatever way; the file <c>.lease</c> stays and means
/// nothing by itself. Should two ever have it (somebody removed the file), the log's term lets only the later one append.
/// </summary>
public sealed class Lease : IDisposable
{
    private const int MaxHolderBytes = 16 << 10;
    private const int StackSize = 256 << 10;

    /// <summary>How often who waits looks whether there is more to say: another has it now, or it was stopped.</summary>
    private static readonly TimeSpan _lookAgain = TimeSpan.FromSeconds(1);

    private readonly SafeFileHandle _file;

    private Lease(string logPath, SafeFileHandle file, LeaseHolder holder)
    {
        LogPath = logPath;
        _file = file;
        Holder = holder;
        try
        {
            RandomAccess.SetLength(file, 0);
            RandomAccess.Write(file, holder.ToBytes(), 0);
        }
        catch (IOException e)
        {
            file.Dispose();
            throw Unavailable(logPath, e);
        }
    }

    /// <summary>Full path of the log.</summary>
    public string LogPath { get; }

    public LeaseHolder Holder { get; }

    internal bool IsHeld => !_file.IsClosed;

    /// <summary>Null if another has it.</summary>
    public static Lease? TryAcquire(string logPath, LeaseHolder? holder = null)
    {
        logPath = Path.GetFullPath(logPath);
        return TryLock(logPath, wait: false) is { } file ? new(logPath, file, holder ?? LeaseHolder.ThisProcess()) : null;
    }

    /// <summary>
    /// Waits for the lease. Where another has it, <paramref name="onWaiting"/> is told who (null if that cannot be read), and again when
    /// that changes. A stopped holder keeps the lease: no time ends it, its process does. The kernel wakes us then; a wait that is
    /// cancelled leaves a sleeping thread behind, which lets go at once should it ever get the lock.
    /// </summary>
    public static async Task<Lease> AcquireAsync(
        string logPath, Action<LeaseHolder?> onWaiting, LeaseHolder? holder = null, CancellationToken cancellation = default)
    {
        if (TryAcquire(logPath, holder) is { } free)
        {
            return free;
        }

        logPath = Path.GetFullPath(logPath);
        var told = ReadHolder(logPath);
        onWaiting(told);
        var locked = new TaskCompletionSource<SafeFileHandle>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = cancellation.Register(() => locked.TrySetCanceled(cancellation));
        new Thread(() => Wait(logPath, locked), StackSize) { IsBackground = true, Name = "lease" }.Start();
        while (await Task.WhenAny(locked.Task, Task.Delay(_lookAgain, CancellationToken.None)).ConfigureAwait(false) != locked.Task)
        {
            if (ReadHolder(logPath) is { } now && now != told)
            {
                told = now;
                onWaiting(told);
            }
        }

        return new(logPath, await locked.Task.ConfigureAwait(false), holder ?? LeaseHolder.ThisProcess());
    }

    /// <summary>What the lease file says; whether anybody has the lease is another matter.</summary>
    public static LeaseHolder? ReadHolder(string logPath)
    {
        var path = PathOf(Path.GetFullPath(logPath));
        if (!File.Exists(path))
        {
            return null;
        }

        using var file = UnixFiles.OpenOrCreate(path);
        var bytes = new byte[MaxHolderBytes];
        return LeaseHolder.Parse(bytes.AsSpan(0, RandomAccess.Read(file, bytes, 0)))?.Look();
    }

    public void Dispose()
    {
        if (!IsHeld)
        {
            return;
        }

        try
        {
            RandomAccess.SetLength(_file, 0);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // It goes on naming us, which means nothing once it isn't locked: a failing disk must not keep the lease from being free.
        }
        finally
        {
            UnixFiles.Unlock(_file);
            _file.Dispose();
        }
    }

    internal static Lease AcquireOrThrow(string logPath) => TryAcquire(logPath) ?? throw new DataBuildException(
        Rules.LeaseHeld,
        Held(logPath, ReadHolder(logPath)));

    private static string Held(string logPath, LeaseHolder? holder) =>
        $"The build event log '{logPath}' is being written by {holder?.ToString() ?? "another process"}{holder?.Advice}. Wait for it or end it.";

    private static string PathOf(string logPath) => logPath + ".lease";

    private static void Wait(string logPath, TaskCompletionSource<SafeFileHandle> locked)
    {
        try
        {
            var file = TryLock(logPath, wait: true)!;
            if (!locked.TrySetResult(file))
            {
                file.Dispose();
            }
        }
        catch (DataBuildException e)
        {
            locked.TrySetException(e);
        }
    }

    private static SafeFileHandle? TryLock(string logPath, bool wait)
    {
        SafeFileHandle? file = null;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(logPath)!);
            file = UnixFiles.OpenOrCreate(PathOf(logPath));
            if (UnixFiles.Lock(file, wait))
            {
                return file;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            file?.Dispose();
            throw Unavailable(logPath, e);
        }

        file.Dispose();
        return null;
    }

    private static DataBuildException Unavailable(string logPath, Exception e) => new(
        Rules.LeaseUnavailable,
        $"The lease file '{PathOf(logPath)}' can't be opened, locked and written: {e.Message} Put the log on a local disk with free space, in a folder that this user may write.",
        inner: e);
}
