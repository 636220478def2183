using System.Globalization;
using System.Text;
using DataBuild.Engine.Diagnostics;

namespace DataBuild.Engine.Log;

/// <summary>Who has a lease, for others to show. It is told by the lock alone whether anybody has it.</summary>
public sealed record LeaseHolder(int Pid, string Host, string User, string Command, DateTimeOffset Since)
{
    private const int MaxCommandLength = 1_000;

    /// <summary>It was stopped by a signal (state T): it keeps the lease and does nothing with it until somebody lets it go on.</summary>
    public bool IsStopped { get; init; }

    /// <summary>What whoever waits for it should know; usually nothing.</summary>
    public string Advice => IsStopped
        ? string.Create(CultureInfo.InvariantCulture, $"; that process is stopped (state T): 'kill -CONT {Pid}' lets it go on, 'kill -KILL {Pid}' ends it and the next build recovers")
        : "";

    public static LeaseHolder ThisProcess() =>
        new(Environment.ProcessId, Environment.MachineName, Environment.UserName, Environment.CommandLine, DateTimeOffset.UtcNow);

    public override string ToString() =>
        Diagnostics.OneLine.Of(string.Create(CultureInfo.InvariantCulture, $"process {Pid} of {User} on {Host} since {Since.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z ({Command})"));

    /// <summary>One value a line, so that <c>cat</c> shows it too.</summary>
    internal byte[] ToBytes() => Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $"{Pid}\n{OneLine(Host)}\n{OneLine(User)}\n{Since.ToUniversalTime():O}\n{OneLine(Command)}\n"));

    /// <summary>Null where it is empty or half written.</summary>
    internal static LeaseHolder? Parse(ReadOnlySpan<byte> bytes)
    {
        var lines = Encoding.UTF8.GetString(bytes).Split('\n');
        return lines.Length == 6
            && int.TryParse(lines[0], NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
            && DateTimeOffset.TryParseExact(lines[3], "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out var since)
            ? new(pid, lines[1], lines[2], lines[4], since)
            : null;
    }

    /// <summary>The same, with what the process is at now, where that can be seen from here.</summary>
    internal LeaseHolder Look() => this with { IsStopped = Host == Environment.MachineName && HolderProcess.IsStopped(Pid, Since) };

    private static string OneLine(string text)
    {
        var line = text.ReplaceLineEndings(" ").Replace('\n', ' ');
        return line.Length <= MaxCommandLength ? line : line[..MaxCommandLength];
    }
}
