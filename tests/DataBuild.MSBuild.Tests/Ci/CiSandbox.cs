namespace DataBuild.MSBuild.Tests.Ci;

/// <summary>A small project: days that need nothing, so that a run of theirs gives a warning, and a report of two of them.</summary>
internal static class CiSandbox
{
    public const string Items = """
          <ItemGroup>
            <Job Include="day" Command="sh write.sh" />
            <Job Include="report" Command="sh write.sh" />
            <Partition Include="day/{n:int}" Job="day" />
            <Partition Include="report/{n:int}" Job="report" Needs="day/{n};day/{n+1}" />
            <Want Include="report/{1..2}" />
          </ItemGroup>
        """;

    public const string Script = """
        for ref in "$@"; do
          if [ "$ref" = "$FAIL" ]; then echo "100% wrong, see: here" >&2; exit 3; fi
          mkdir -p "$(dirname "$DATABUILD_OUTPUT_ROOT/$ref")"; echo "$ref" > "$DATABUILD_OUTPUT_ROOT/$ref"
        done
        """;

    public static Sandbox New(string items = Items)
    {
        var sandbox = new Sandbox(engine: Sandbox.Known("Engine"));
        sandbox.WriteProject(items);
        sandbox.Write("write.sh", Script);
        return sandbox;
    }

    /// <summary>Everything that a build may leave beside obj, with its bytes.</summary>
    public static IReadOnlyDictionary<string, string> Left(Sandbox sandbox) => new[] { "data", ".databuild" }
        .Select(sandbox.PathOf)
        .Where(Directory.Exists)
        .SelectMany(folder => Directory.GetFiles(folder, "*", SearchOption.AllDirectories))
        .ToDictionary(file => file, file => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file))));
}
