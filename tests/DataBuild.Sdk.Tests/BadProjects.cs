namespace DataBuild.Sdk.Tests;

/// <summary>All mistakes, gathered in a project a stage, each of which is built once.</summary>
public sealed class BadProjects
{
    private static readonly string Long = new('x', 2000);

    private readonly Dictionary<Stage, (Dictionary<string, int> Lines, string Output)> _built = [];

    public BadProjects()
    {
        foreach (var stage in Enum.GetValues<Stage>())
        {
            using var sandbox = new Sandbox();
            _built[stage] = Build(sandbox, stage);
            HasRun |= sandbox.Has("witness");
        }
    }

    /// <summary>A job left its trace.</summary>
    public bool HasRun { get; }

    internal static IReadOnlyList<Mistake> All { get; } =
    [
        new("parallelism below 0", Stage.Property, "    <DataBuildParallelism>-3</DataBuildParallelism>", "DBLD1909", "property DataBuildParallelism is '-3'; it must be a whole number from 0 to 10000"),
        new("rebuilds below no limit", Stage.Property, "    <DataBuildMaxRebuilds>-2</DataBuildMaxRebuilds>", "DBLD1909", "property DataBuildMaxRebuilds is '-2'; it must be a whole number from -1 on"),
        new("a wait below 0", Stage.Property, "    <DataBuildMaxWait>-1s</DataBuildMaxWait>", "DBLD1909", "property DataBuildMaxWait is '-1s'; it must be a number with a unit"),
        new("a timeout that is no time", Stage.Property, "    <DataBuildCancelTimeout>soon</DataBuildCancelTimeout>", "DBLD1909", "property DataBuildCancelTimeout is 'soon'"),
        new("a limit beyond all numbers", Stage.Property, "    <DataBuildMirrorLimit>99999999999999999999</DataBuildMirrorLimit>", "DBLD1909", "property DataBuildMirrorLimit is '99999999999999999999'"),
        new("neither true nor false", Stage.Property, "    <DataBuildExpectUpToDate>perhaps</DataBuildExpectUpToDate>", "DBLD1909", "property DataBuildExpectUpToDate is 'perhaps'; it must be true or false"),
        new("an unknown mode", Stage.Property, "    <DataBuildMode>fast</DataBuildMode>", "DBLD1909", "property DataBuildMode is 'fast'; it must be run, plan or off"),
        new("no run at one time", Stage.Property, "    <DataBuildSlurmMaxJobs>0</DataBuildSlurmMaxJobs>", "DBLD1909", "property DataBuildSlurmMaxJobs is '0'; it must be a whole number from 1 to 1000000"),
        new("an interval of nothing", Stage.Property, "    <DataBuildSlurmInterval>0s</DataBuildSlurmInterval>", "DBLD1909", "property DataBuildSlurmInterval is '0s'; it must be a positive number with a unit"),
        new("unknown for ever", Stage.Property, "    <DataBuildUnknownTimeout>for ever</DataBuildUnknownTimeout>", "DBLD1909", "property DataBuildUnknownTimeout is 'for ever'"),

        new("a blank Include", Stage.Item, "    <Want Include=\"  \" />", "DBLD1031", "the Include of this Want is blank", 11),
        new("an Include of an undefined property", Stage.Item, "    <Want Include=\"$(Wanted)\" />", "DBLD1031", "Want '$(Wanted)' names the property 'Wanted', which is not defined", 11),
        new("an Include with an undefined property in it", Stage.Item, "    <Want Include=\"part/$(Dya)\" />", "DBLD1031", "Want 'part/$(Dya)' names the property 'Dya'", 11),
        new("a wildcard", Stage.Item, "    <Want Include=\"daily/*\" />", "DBLD1900", "Want 'daily/*' has a '*'", 11),
        new("a label that is a target", Stage.Item, "    <Job Include=\"Restore\" Command=\"touch witness\" />", "DBLD1907", "job 'Restore' has the name of a target of the SDK"),
        new("a project of a job that is not there", Stage.Item, "    <Job Include=\"p\" Project=\"nowhere/N.csproj\" />", "DBLD1908", "project 'nowhere/N.csproj' of job 'p' does not exist"),

        new("an unknown type", Stage.Pattern, "    <Partition Include=\"q/{x:strng}\" Job=\"ok\" />", "DBLD3004", "the type 'strng' of placeholder 'x' in pattern 'q/{x:strng}' does not exist"),
        new("a pattern with ..", Stage.Pattern, "    <Partition Include=\"e/../f\" Job=\"ok\" />", "DBLD3003", "the pattern 'e/../f' has a segment '.' or '..', which could leave the data root"),
        new("a pattern of 2,000 bytes", Stage.Pattern, $"    <Partition Include=\"{Long}\" Job=\"ok\" />", "DBLD3003", $"the pattern '{new string('x', 119)}...{new string('x', 58)}' "),
        new("a line end in a pattern", Stage.Pattern, "    <Partition Include=\"one&#10;two\" Job=\"ok\" />", "DBLD3003", "the pattern 'one\\ntwo' holds a control character"),
        new("half a brace in a pattern", Stage.Pattern, "    <Partition Include=\"half/{date\" Job=\"ok\" />", "DBLD3003", "the pattern 'half/{date' has a brace without its other half"),

        new("processors below 1", Stage.Graph, "    <Job Include=\"cpus\" Command=\"touch witness\" Cpus=\"-4\" />", "DBLD1030", "Cpus of job 'cpus' is '-4'; give a whole number from 1 to 10000"),
        new("memory that is none", Stage.Graph, "    <Job Include=\"memory\" Command=\"touch witness\" Memory=\"lots\" />", "DBLD1030", "Memory of job 'memory' is 'lots', which is no size; write it as 512MB, 4GB or 1TB"),
        new("a queue with a blank", Stage.Graph, "    <Job Include=\"queue\" Command=\"touch witness\" SlurmPartition=\"big mem\" />", "DBLD1036", "SlurmPartition of job 'queue' is 'big mem'"),
        new("an option of sbatch that is the engine's", Stage.Graph, "    <Job Include=\"sbatch\" Command=\"touch witness\" SlurmArguments=\"--qos=long --array=1-3\" />", "DBLD1037", "SlurmArguments of job 'sbatch' holds --array, which the engine sets itself"),
        new("an executor that there is not", Stage.Graph, "    <Job Include=\"where\" Command=\"touch witness\" Executor=\"kubernetes\" />", "DBLD1016", "the job 'where' asks for the executor 'kubernetes', which does not exist; write 'local' or 'slurm'"),
        new("an unknown job", Stage.Graph, "    <Partition Include=\"ua/{date}\" Job=\"nojob\" />", "DBLD1004", "the partition 'ua/{date}' names the job 'nojob', which is not declared"),
        new("two patterns that overlap", Stage.Graph, "    <Partition Include=\"ov/{n:int}\" Job=\"ok\" />\n    <Partition Include=\"ov/{s}\" Job=\"ok\" />", "DBLD3002", "the patterns 'ov/{n:int}' of job ok and 'ov/{s}' of job ok both match 'ov/"),
        new("a pattern declared twice", Stage.Graph, "    <Partition Include=\"tw/{n:int}\" Job=\"ok\" />\n    <Partition Include=\"tw/{n:int}\" Job=\"ok\" />", "DBLD3002", "the pattern 'tw/{n:int}' is declared twice"),
        new("a source declared twice", Stage.Graph, "    <Source Include=\"sr/{n:int}\" Path=\"a{n}\" />\n    <Source Include=\"sr/{n:int}\" Path=\"a{n}\" />", "DBLD3002", "the pattern 'sr/{n:int}' is declared twice"),
        new("a want declared twice", Stage.Graph, "    <Want Include=\"dd/2001-01-01\" />\n    <Want Include=\"dd/2001-01-01\" />", "DBLD1018", "the want 'dd/2001-01-01' is declared twice"),
        new("a job declared twice", Stage.Graph, "    <Job Include=\"twice\" Command=\"touch witness\" />\n    <Job Include=\"TWICE\" Command=\"touch witness\" />", "DBLD1003", "the job label 'TWICE' is the same as 'twice'"),
        new("a pool declared twice", Stage.Graph, "    <Pool Include=\"gpu\" Slots=\"2\" />\n    <Pool Include=\"gpu\" Slots=\"3\" />", "DBLD1014", "the pool 'gpu' is declared twice"),
        new("a want that nothing produces", Stage.Graph, "    <Want Include=\"ddd/{2001-01-01..2001-01-02}\" />", "DBLD3001", "no job produces 'ddd/{2001-01-01..2001-01-02}', wanted here. Did you mean the pattern 'dd/{date}'?"),
        new("a range with one dot", Stage.Graph, "    <Want Include=\"dd/{2001-01-01.2001-01-03}\" />", "DBLD3016", "'2001-01-01.2001-01-03' in 'dd/{2001-01-01.2001-01-03}' is not a date, yyyy-MM-dd, as 'date' asks for; write a value such as 2001-01-31, and a range with two dots"),
        new("a range without an end", Stage.Graph, "    <Want Include=\"dd/{2001-01-05..}\" />", "DBLD3009", "the expression 'dd/{2001-01-05..}' has '{2001-01-05..}' with an end missing"),
        new("a day that there is not", Stage.Graph, "    <Want Include=\"dd/{2001-02-30..2001-03-01}\" />", "DBLD3016", "'2001-02-30' in 'dd/{2001-02-30..2001-03-01}' is not a date"),
        new("an inverted range", Stage.Graph, "    <Want Include=\"dd/{2001-01-03..2001-01-01}\" />", "DBLD3010", "the range '{2001-01-03..2001-01-01}' in 'dd/{2001-01-03..2001-01-01}' ends before it begins; swap its ends"),
        new("a ref with ..", Stage.Graph, "    <Want Include=\"../etc/passwd\" />", "DBLD3008", "the ref '../etc/passwd', wanted here, has a segment '.' or '..', which could leave the data root"),
        new("a set with ..", Stage.Graph, "    <Want Include=\"../etc/{2001..2002}\" />", "DBLD3008", "the expression '../etc/{2001..2002}' has a segment '.' or '..', which could leave the data root"),
        new("a ref with a slash first", Stage.Graph, "    <Want Include=\"/etc/passwd\" />", "DBLD3008", "the ref '/etc/passwd', wanted here, has an empty segment"),
        new("a ref of 2,000 bytes", Stage.Graph, $"    <Want Include=\"dd/{Long}\" />", "DBLD3008", $"the ref 'dd/{new string('x', 116)}...{new string('x', 57)}', wanted here, is longer than 1,024 bytes of UTF-8"),
        new("a control character in a ref", Stage.Graph, "    <Want Include=\"dd/a&#9;b\" />", "DBLD3008", "the ref 'dd/a\\tb', wanted here, holds a control character"),
        new("refs that differ by case", Stage.Graph, "    <Partition Include=\"CASE/x\" Job=\"ok\" />\n    <Partition Include=\"case/x\" Job=\"ok\" />", "DBLD3006", "the refs 'CASE/x' and 'case/x' of the patterns 'CASE/x' and 'case/x' differ only in case"),
        new("a pattern below another", Stage.Graph, "    <Partition Include=\"below\" Job=\"ok\" />\n    <Partition Include=\"below/{n:int}\" Job=\"ok\" />", "DBLD3007", "the ref 'below/0' of pattern 'below/{n:int}' lies below 'below' of pattern 'below'"),
        new("a semicolon in braces", Stage.Graph, "    <Want Include=\"dd/{2001-01-01;2001-01-02}\" />", "DBLD3009", "the expression 'dd/{2001-01-01' has a brace without its other half; close it, and list alternatives with '|': a ';' would part the item in two"),
        new("a source that is wanted", Stage.Graph, "    <Want Include=\"sr/1\" />", "DBLD3012", "'sr/1' is a source"),
        new("needs of itself", Stage.Graph, "    <Partition Include=\"self/{date}\" Job=\"ok\" Needs=\"self/{date}\" />", "DBLD3017", "the pattern 'self/{date}' needs itself"),
        new("needs of an unknown placeholder", Stage.Graph, "    <Partition Include=\"un/{date}\" Job=\"ok\" Needs=\"dd/{dat}\" />", "DBLD3015", "the pattern 'un/{date}' has no placeholder 'dat', which 'dd/{dat}' names; did you mean 'date'?"),
        new("a job without a program", Stage.Graph, "    <Job Include=\"neither\" />", "DBLD1005", "the job 'neither' has neither Project nor Command"),
        new("a malformed label", Stage.Graph, "    <Job Include=\"1.x\" Command=\"touch witness\" />", "DBLD1001", "the job label '1.x' may hold only"),
        new("a source without a path", Stage.Graph, "    <Source Include=\"np/{n:int}\" />", "DBLD1017", "the source 'np/{n:int}' has no Path"),
        Number("BatchSize", "0"),
        Number("BatchSize", "1e3"),
        Number("MaxConcurrency", "-1"),
        Number("Retries", "99999999999999999999"),
        Number("RetryExitCodes", "-9"),
        Time("Timeout", "-5s"),
        Time("Timeout", "0s"),
        Time("RetryDelay", "10"),
        new("slots below 1", Stage.Graph, "    <Pool Include=\"minus\" Slots=\"-1\" />", "DBLD1009", "Slots of pool 'minus' is '-1'; give a whole number from 1"),
        new("a priority beyond all", Stage.Graph, "    <Want Include=\"dd/2001-02-01\" Priority=\"1000001\" />", "DBLD1009", "Priority of want 'dd/2001-02-01' is '1000001'; give a whole number from -1,000,000 to 1,000,000"),
        new("a time to live below 0", Stage.Graph, "    <Want Include=\"dd/2001-02-02\" Ttl=\"-3d\" />", "DBLD1010", "Ttl of want 'dd/2001-02-02' is '-3d'"),
        new("an sla beyond 100 years", Stage.Graph, "    <Want Include=\"dd/2001-02-03\" Sla=\"99999999999d\" />", "DBLD1010", "Sla of want 'dd/2001-02-03' is '99999999999d'"),
        new("a retention of nothing", Stage.Graph, "    <Partition Include=\"rt/{n:int}\" Job=\"ok\" Retention=\"0d\" />", "DBLD1010", "Retention of partition 'rt/{n:int}' is '0d'"),
        new("early that is no choice", Stage.Graph, "    <Partition Include=\"ea/{n:int}\" Job=\"ok\" Early=\"maybe\" />", "DBLD1015", "Early of partition 'ea/{n:int}' is 'maybe'; write true or false"),
    ];

    internal (Mistake Mistake, int Line, string Output) Find(string name)
    {
        var mistake = All.Single(candidate => candidate.Name == name);
        var (lines, output) = _built[mistake.Stage];
        return (mistake, lines[name], output);
    }

    private static Mistake Number(string metadata, string value) => Metadata(metadata, value, "DBLD1009", "give a whole number from ");

    private static Mistake Time(string metadata, string value) => Metadata(metadata, value, "DBLD1010", "");

    private static Mistake Metadata(string metadata, string value, string code, string more)
    {
        string job = $"{metadata}_{value.Replace('-', 'm')}";
        return new($"{metadata} {value}", Stage.Graph, $"    <Job Include=\"{job}\" Command=\"touch witness\" {metadata}=\"{value}\" />", code, $"{metadata} of job '{job}' is '{value}'{(more.Length > 0 ? "; " + more : ", which is no ")}");
    }

    private static (Dictionary<string, int> Lines, string Output) Build(Sandbox sandbox, Stage stage)
    {
        string group = stage == Stage.Property ? "PropertyGroup" : "ItemGroup";
        List<string> text = ["<Project Sdk=\"DataBuild.Sdk\">"];
        if (stage != Stage.Property)
        {
            text.AddRange(["  <ItemGroup>", "    <Job Include=\"ok\" Command=\"touch witness\" />", "    <Partition Include=\"dd/{date}\" Job=\"ok\" />", "    <Want Include=\"dd/2001-01-31\" />", "  </ItemGroup>"]);
        }

        text.Add($"  <{group}>");
        var lines = new Dictionary<string, int>();
        foreach (var mistake in All.Where(mistake => mistake.Stage == stage))
        {
            text.AddRange(mistake.Lines.Split('\n'));
            lines.Add(mistake.Name, text.Count);
        }

        text.AddRange([$"  </{group}>", "</Project>", ""]);
        sandbox.Write("flights.dbproj", string.Join("\n", text));
        return (lines, sandbox.MSBuild("-p:DataBuildEnginePath=" + Sandbox.Known("Engine")).Failed().Output);
    }
}
