namespace DataBuild.TestJob;

/// <summary>The steps and refs of a command line.</summary>
internal sealed record Script(IReadOnlyList<string> Steps, IReadOnlyList<string> Refs)
{
    private const string Help = """
        DataBuild.TestJob STEP... [--] REF...      each STEP one argument that begins with +: "+sleep 200ms" "+exit 3"
        DataBuild.TestJob @FILE [--] REF...        a step a line, without +; # begins a comment

          write [SIZE]            write-inputs            extra PATH TEXT         need TEMPLATE
          fail GLOB TEXT          miss GLOB REF           once FILE STEP          if-ref GLOB STEP
          message JSON            raw-message TEXT        record FILE             dump FILE
          print TEXT              print-error TEXT        flood SIZE              flood-one-line SIZE
          invalid-utf8            touch FILE              wait-for FILE           sleep TIME
          ignore-term             on-term TEXT            grandchild TIME         orphan TIME
          daemon TIME             abort                   exit N

        README.md beside the project says what each does.
        """;

    /// <summary>Null if help is asked for.</summary>
    public static Script? Parse(string[] args)
    {
        if (args is ["--help" or "-h", ..])
        {
            return null;
        }

        var steps = new List<string>();
        var refs = new List<string>();
        var onlyRefs = false;
        foreach (var arg in args)
        {
            if (onlyRefs)
            {
                refs.Add(arg);
            }
            else if (arg == "--")
            {
                onlyRefs = true;
            }
            else if (arg.StartsWith('+'))
            {
                steps.Add(arg[1..].Trim());
            }
            else if (arg.StartsWith('@'))
            {
                steps.AddRange(File.ReadAllLines(arg[1..]).Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#'));
            }
            else
            {
                refs.Add(arg);
            }
        }

        return new Script(steps, refs.Count > 0 ? refs : FromFile());
    }

    public static int PrintHelp()
    {
        Console.WriteLine(Help);
        return 0;
    }

    private static string[] FromFile() =>
        Environment.GetEnvironmentVariable("DATABUILD_PARTITIONS_FILE") is { Length: > 0 } file ? File.ReadAllLines(file) : [];
}
