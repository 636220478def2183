using System.Globalization;
using DataBuild.Engine.Log;
using DataBuild.V1;

namespace DataBuild.Integration.Tests.Kills;

/// <summary>
/// What is built while engines are killed: sources that change, batches, inputs found at run time, a job that makes two families,
/// folders, a job that fails at first, and one with a child that lives in its own session and ignores every signal it can. Everything
/// is written in two steps, so that half of it can be seen where it may not be seen.
/// </summary>
internal static class KillProject
{
    public const int Inputs = 10;

    public static TestProject New()
    {
        var project = new TestProject();
        project.Source("in/{n:int}", "in/{n}");
        project.Script("raw", "{ read -r line < in/${ref#raw/}; echo \"$line\"; echo raw; } > \"$out\"", job => job.BatchSize = "5");
        project.Script("win", """
            n="${ref#win/}"; lack=""; reads=""
            for i in $n $((n - 1)) $((n - 2)); do
              if [ "$i" -ge 0 ]; then
                reads="$reads raw/$i"
                if [ ! -e "$in/raw/$i" ]; then lack="$lack raw/$i"; fi
              fi
            done
            if [ -n "$lack" ]; then echo "databuild:missing-deps$lack"; exit 75; fi
            echo "databuild:read-deps$reads"
            { for r in $reads; do read -r line < "$in/$r"; echo "$line"; done; sleep 0.02; echo win; } > "$out"
            """);
        project.Script("pair", """
            n="${ref#*/}"
            { echo "${ref%%/*} of"; read -r line < "$in/raw/$n"; echo "$line"; } > "$out"
            """, job => job.BatchSize = "8");
        project.Script("folder", """
            mkdir "$out"
            read -r line < "$in/raw/${ref#folder/}"
            echo "$line" > "$out/first"; echo "$line too" > "$out/second"
            """, job => job.BatchSize = "10");
        // Many outputs of one run, so that putting them in place takes long enough to be hit.
        project.Script("wide", """
            if [ -z "$line" ]; then read -r line < "$in/raw/0"; fi
            { echo "${ref#wide/}"; echo "$line"; } > "$out"
            """, job => job.BatchSize = "200");
        project.Script("album", """
            if [ -z "$line" ]; then read -r line < "$in/raw/0"; (cd "$DATABUILD_OUTPUT_ROOT" && mkdir "$@"); fi
            echo "$line" > "$out/first"; echo "$line too" > "$out/second"
            """, job => job.BatchSize = "60");
        project.Script("flaky", """
            if [ "$DATABUILD_ATTEMPT" -lt 2 ]; then echo not yet >&2; exit 3; fi
            { echo flaky; read -r line < "$in/raw/${ref#flaky/}"; echo "$line"; } > "$out"
            """, job => (job.Retries, job.RetryDelay) = ("2", "1ms"));
        project.Script("stubborn", """
            setsid sh -c 'trap "" TERM INT HUP; n=0; while [ $n -lt 6000 ]; do sleep 0.1; n=$((n + 1)); done' &
            read -r line < in/0
            echo "$line" > "$out"
            sleep 0.05; echo stubborn >> "$out"
            kill -9 $!
            """);
        project.Partition("raw/{n:int}", "raw", "in/{n}").Partition("win/{n:int}", "win");
        project.Partition("left/{n:int}", "pair", "raw/{n}").Partition("right/{n:int}", "pair", "raw/{n}");
        project.Partition("folder/{n:int}", "folder", "raw/{n}").Partition("flaky/{n:int}", "flaky", "raw/{n}").Partition("stubborn", "stubborn", "in/0");
        project.Partition("wide/{n:int}", "wide", "raw/0").Partition("album/{n:int}", "album", "raw/0").Want("wide/{0..199}").Want("album/{0..59}");
        foreach (string family in (ReadOnlySpan<string>)["win", "left", "right", "folder"])
        {
            project.Want($"{family}/{{0..{Inputs - 1}}}");
        }

        return project.Want("flaky/{0..2}").Want("stubborn");
    }

    /// <summary>Two versions of the sources: a third of them differ.</summary>
    public static void WriteSources(TestProject project, int version)
    {
        for (int i = 0; i < Inputs; i++)
        {
            string path = project.Write($"in/{i}", i % 3 == 0 ? $"input {i} as of version {version}\n" : $"input {i}\n");

            // By its time alone the file is another one, however quickly one version follows the other.
            File.SetLastWriteTimeUtc(path, new DateTime(2001, 1, 1 + version, 0, 0, 0, DateTimeKind.Utc));
        }
    }

    /// <summary>Gives the log so many events that the next engine that ends well writes a snapshot.</summary>
    public static void LengthenLog(TestProject project)
    {
        using var log = SqliteBuildEventLog.OpenWriter(new() { Path = project.Log });
        var events = new List<BuildEvent>();
        for (int i = 0; i < 2500; i++)
        {
            string id = string.Create(CultureInfo.InvariantCulture, $"want-{log.LastOffset}-{i}");
            events.Add(new() { WantCreate = new() { Want = new() { WantId = id, RootWantId = id, Partitions = new() { Expressions = { "raw/0" } } } } });
            events.Add(new() { WantCancel = new() { WantId = id } });
        }

        log.Append(events);
    }
}
