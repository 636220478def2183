using DataBuild.V1;

namespace DataBuild.Faults.Tests.PowerLoss;

/// <summary>
/// A project in three versions: files and folders, a batch, sources read through the sources file, inputs asked for at run time.
/// From one version to the next files replace files, folders folders, and each the other. Jobs write with the shell's own means, so
/// that a recording holds nothing but writes.
/// </summary>
internal sealed class PowerProject(string folder, int version, string killer)
{
    public string DataRoot => Path.Combine(folder, "data");

    public string Log => Path.Combine(folder, ".databuild", "log.db");

    public static string ResultIn(string folder) => Path.Combine(folder, "obj", "result.json");

    /// <summary>Sources and scripts, as somebody would edit them.</summary>
    public void Write()
    {
        Directory.CreateDirectory(Path.Combine(folder, "in"));
        for (int i = 0; i < 4; i++)
        {
            File.WriteAllText(Path.Combine(folder, "in", $"{i}"), i == 1 ? $"input {i} of {version}\n" : $"input {i}\n");
        }

        // The source is found by the path that the engine tells the job.
        Script("raw", """
            sources=""; read -r sources < "$DATABUILD_SOURCES_FILE" || test -n "$sources"
            path="${sources#*\"in/${ref#raw/}\":\"}"; path="${path%%\"*}"
            read -r line < "$path"
            echo "raw $line" > "$out"
            """);
        Script("win", $$"""
            n="${ref#win/}"; lack=""; text=""
            for i in $n $((n - 1)); do
              if [ "$i" -ge 0 ]; then
                if [ -e "$in/raw/$i" ]; then read -r line < "$in/raw/$i"; text="$text$line;"; else lack="$lack raw/$i"; fi
              fi
            done
            if [ -n "$lack" ]; then echo "databuild:missing-deps$lack"; exit 75; fi
            if [ -e '{{killer}}' ]; then rm '{{killer}}'; kill -9 $PPID; fi
            if [ $((n % 2)) -eq {{version % 2}} ]; then echo "win $text" > "$out"; else mkdir "$out"; echo "win $text" > "$out/only"; fi
            """);
        Script("fold", $$"""
            n="${ref#fold/}"; mkdir "$out" "$out/sub"; i=0
            if [ -d "$in/win/$n" ]; then from="$in/win/$n/only"; else from="$in/win/$n"; fi
            read -r line < "$from"
            while [ $i -lt 3 ]; do echo "fold $i $line" > "$out/$i-{{version}}"; i=$((i + 1)); done
            { i=0; while [ $i -lt 200 ]; do echo "line $i of version {{version}} of fold $n: $line"; i=$((i + 1)); done; } > "$out/sub/long"
            """);
    }

    public EngineRequest Request()
    {
        var graph = new GraphDocument { Name = "power" };
        graph.Sources.Add(new SourceDefinition { Pattern = "in/{n:int}", Path = "in/{n}" });
        graph.Jobs.Add(new JobDefinition { Label = "raw", Command = "/bin/sh raw.sh", BatchSize = "2" });
        graph.Jobs.Add(new JobDefinition { Label = "win", Command = "/bin/sh win.sh" });
        graph.Jobs.Add(new JobDefinition { Label = "fold", Command = "/bin/sh fold.sh" });
        graph.Partitions.Add(new PartitionDefinition { Pattern = "raw/{n:int}", Job = "raw", Needs = "in/{n}" });
        graph.Partitions.Add(new PartitionDefinition { Pattern = "win/{n:int}", Job = "win" });
        graph.Partitions.Add(new PartitionDefinition { Pattern = "fold/{n:int}", Job = "fold", Needs = "win/{n}" });
        graph.Wants.Add(new WantDefinition { Partitions = "fold/{0..3}" });
        return new EngineRequest
        {
            ProtocolVersion = 1,
            Mode = EngineMode.Build,
            Graph = graph,
            ProjectFile = Path.Combine(folder, "power.dbproj"),
            DataRoot = DataRoot,
            StateDirectory = Path.Combine(folder, ".databuild"),
            StartDirectory = folder,
            ResultFile = ResultIn(folder),
            Parallelism = 2,
            MaxRebuilds = -1,
        };
    }

    /// <summary>Contents by path below the data root; what the engine itself keeps there comes first.</summary>
    public SortedDictionary<string, string> Published()
    {
        var found = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (string file in Directory.EnumerateFiles(DataRoot, "*", SearchOption.AllDirectories))
        {
            string path = Path.GetRelativePath(DataRoot, file);
            found.Add(path, path == ".databuild/marker" ? "" : File.ReadAllText(file));
        }

        return found;
    }

    private void Script(string label, string body) => File.WriteAllText(Path.Combine(folder, $"{label}.sh"), $$"""
        set -e
        in="$DATABUILD_DATA_ROOT"
        for ref in "$@"; do
          out="$DATABUILD_OUTPUT_ROOT/$ref"
          {{body.ReplaceLineEndings("\n  ")}}
        done

        """);
}
