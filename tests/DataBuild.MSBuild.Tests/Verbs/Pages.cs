namespace DataBuild.MSBuild.Tests.Verbs;

/// <summary>
/// A project of three words and two pages: one job splits a file into words, the other makes a page of each of the first two. Every
/// run leaves its refs in the file `made`, so that a test can tell what was built from what was left alone.
/// </summary>
internal static class Pages
{
    public const string Items = """
          <ItemGroup>
            <Source Include="words" Path="words.txt" />
            <Job Include="split" Command="sh jobs/split.sh" />
            <Job Include="page" Command="sh jobs/page.sh" BatchSize="10" />
            <Partition Include="word/{n:int}" Job="split" Needs="words" />
            <Partition Include="page/{n:int}.txt" Job="page" Needs="word/{n}" />
            <Want Include="page/{1..2}.txt" />
          </ItemGroup>
        """;

    public static readonly string[] All = ["page/1.txt", "page/2.txt", "word/1", "word/2"];

    public static Sandbox New(string name = "pages", string parent = "")
    {
        var sandbox = new Sandbox(name, parent, Sandbox.Known("Engine"));
        sandbox.WriteProject(Items);
        WriteFiles(sandbox);
        return sandbox;
    }

    /// <summary>What the items name, in a folder that ends with a slash.</summary>
    public static void WriteFiles(Sandbox sandbox, string folder = "")
    {
        sandbox.Write(folder + "words.txt", "one\ntwo\nthree\n");
        sandbox.Write(folder + "jobs/split.sh", """for ref in "$@"; do sed -n "${ref#word/}p" words.txt > "$DATABUILD_OUTPUT_ROOT/$ref"; echo "$ref" >> made; done""");
        sandbox.Write(folder + "jobs/page.sh", """
            for ref in "$@"; do
              name=${ref#page/}
              echo "page of $(cat "$DATABUILD_DATA_ROOT/word/${name%.txt}")" > "$DATABUILD_OUTPUT_ROOT/$ref"
              echo "$ref" >> made
            done
            """);
    }

    /// <summary>What runs made since this was asked last, in order of name.</summary>
    public static string[] Made(this Sandbox sandbox, string folder = "")
    {
        if (!sandbox.Has(folder + "made"))
        {
            return [];
        }

        var made = sandbox.Read(folder + "made").Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal).ToArray();
        File.Delete(sandbox.PathOf(folder + "made"));
        return made;
    }
}
