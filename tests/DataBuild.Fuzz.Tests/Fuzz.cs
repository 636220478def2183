using System.Globalization;
using System.Runtime.InteropServices;
using DataBuild.Engine.Diagnostics;
using Xunit.Abstractions;

namespace DataBuild.Fuzz.Tests;

/// <summary>
/// Runs one target on many inputs. Each case has a seed of its own, so that it can be had again alone; it may end in a coded error and
/// in nothing else, and is bounded in processor time and in what it allocates.
/// </summary>
internal sealed class Fuzz(ITestOutputHelper output)
{
    /// <summary>No input is so large that more than this is needed, on a slow machine.</summary>
    private static readonly TimeSpan longest = TimeSpan.FromSeconds(5);

    /// <summary>By the wall clock, for what waits instead of working; the machine may be busy.</summary>
    private static readonly TimeSpan longestWait = TimeSpan.FromMinutes(2);

    private const long MostBytes = 512L << 20;

    /// <param name="usual">How many cases in each test run; DATABUILD_FUZZ=N makes it N times as many.</param>
    /// <param name="make">An input from a seed.</param>
    /// <param name="check">Tries it; throws if a property doesn't hold.</param>
    /// <param name="show">The input as text for a failure.</param>
    public void Run<T>(int usual, Func<Random, T> make, Action<T> check, Func<T, string> show)
    {
        int seed = Setting("DATABUILD_SEED", Environment.TickCount);
        int cases = usual * Setting("DATABUILD_FUZZ", 1);
        output.WriteLine($"DATABUILD_SEED={seed}, {cases} cases");
        long accepted = 0;
        Exception? failure = null;
        int current = 0;
        long began = Environment.TickCount64;
        var thread = new Thread(() =>
        {
            for (int i = 0; i < cases && failure is null; i++)
            {
                Volatile.Write(ref current, i);
                Volatile.Write(ref began, Environment.TickCount64);
                var input = make(new Random(unchecked(seed + i)));
                var time = ProcessorTime();
                long bytes = GC.GetAllocatedBytesForCurrentThread();
                try
                {
                    check(input);
                    accepted++;
                }
                catch (DataBuildException refused)
                {
                    failure = OneLine(refused) ? null : Failed(i, input, $"the error has more than one line: {refused.Message}", null);
                }
#pragma warning disable CA1031 // Whatever it is: it is what is looked for.
                catch (Exception e)
                {
                    failure = Failed(i, input, e.ToString(), e);
                }
#pragma warning restore CA1031

                var spent = ProcessorTime() - time;
                long allocated = GC.GetAllocatedBytesForCurrentThread() - bytes;
                if (spent > longest || allocated > MostBytes)
                {
                    failure ??= Failed(i, input, $"it took {spent.TotalSeconds:0.0} s and {allocated >> 20} MiB", null);
                }
            }
        }, 1 << 20) { IsBackground = true };
        thread.Start();
        while (!thread.Join(TimeSpan.FromSeconds(1)))
        {
            Assert.True(
                Environment.TickCount64 - Volatile.Read(ref began) < longestWait.TotalMilliseconds,
                $"case {Volatile.Read(ref current)} hangs: DATABUILD_SEED={unchecked(seed + Volatile.Read(ref current))}");
        }

        output.WriteLine($"{accepted} accepted, {cases - accepted} refused by a coded error");
        Assert.True(failure is null, failure?.Message);

        Exception Failed(int i, T input, string what, Exception? inner) =>
            new InvalidOperationException($"DATABUILD_SEED={unchecked(seed + i)} (its first case): {show(input)}\n{what}", inner);
    }

    /// <summary>For text inputs, made of a corpus by changes.</summary>
    public void Text(int usual, string[] corpus, string[] tokens, Action<string> check) =>
        Run(usual, random => Mutate.Text(random, corpus, tokens), check, Show);

    /// <summary>For byte inputs.</summary>
    public void Bytes(int usual, IReadOnlyList<byte[]> corpus, Action<byte[]> check) =>
        Run(usual, random => Mutate.Bytes(random, corpus), check, input => Convert.ToBase64String(input.AsSpan(0, Math.Min(input.Length, 8192))));

    public static string Show(string text) =>
        "\"" + string.Concat(text.Take(3000).Select(c => c is >= ' ' and < (char)127 and not '"' and not '\\' ? c.ToString() : string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"))) + "\"";

    private static bool OneLine(DataBuildException e) => !e.Message.Contains('\n', StringComparison.Ordinal) && e.Rule.Code.Length > 0;

    private static int Setting(string name, int usual) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : usual;

    private static TimeSpan ProcessorTime()
    {
        const int OfThread = 3;
        Assert.Equal(0, clock_gettime(OfThread, out var time));
        return TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromMicroseconds(time.Nanoseconds / 1000.0);
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }

    [DllImport("libc")]
    private static extern int clock_gettime(int clock, out TimeSpec time);
}
