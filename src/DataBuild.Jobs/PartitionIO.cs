using System.Globalization;

namespace DataBuild.Jobs;

/// <summary>
/// One ref of the run: where its inputs are and where its output goes. Inputs asked for here report themselves, as read if they are
/// there and as missing if not. For one thread at a time.
/// </summary>
public sealed class PartitionIO
{
    private readonly JobEnvironment environment;
    private readonly JobMessages messages;
    private readonly List<string> reads = [];
    private readonly List<string> files = [];
    private readonly List<string> missing = [];
    private readonly HashSet<string> seen = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> metadata = new(StringComparer.Ordinal);

    internal PartitionIO(PartitionKey key, JobRun run, JobEnvironment environment, JobMessages messages)
    {
        Key = key;
        Run = run;
        this.environment = environment;
        this.messages = messages;
        OutputPath = Below(environment.OutputRoot, key.Ref);
    }

    /// <summary>The ref and its placeholders' values.</summary>
    public PartitionKey Key { get; }

    /// <summary>The run that this process is.</summary>
    public JobRun Run { get; }

    /// <summary>What was asked for and isn't there, so far.</summary>
    public IReadOnlyList<string> Missing => missing;

    internal string OutputPath { get; }

    internal PartitionOutcome? Outcome { get; set; }

    internal IReadOnlyList<string> Reads => reads;

    internal IReadOnlyList<string> Files => files;

    internal IReadOnlyDictionary<string, string> Metadata => metadata;

    /// <summary>
    /// The full path of an input, a partition or a source: <c>io.Input("raw/{date}")</c>, <c>io.Input("csv/{date.month}")</c>,
    /// in terms of this ref's placeholders as in <c>Needs</c>, or a plain ref.
    /// </summary>
    /// <param name="ref">Exactly one ref.</param>
    /// <exception cref="MissingInputsException">It isn't there yet. Let it pass: the engine has it made and runs this ref again.</exception>
    public string Input(string @ref) => Inputs(@ref) is [var only]
        ? only
        : throw new ArgumentException($"'{@ref}' is more than one ref: use Inputs.", nameof(@ref));

    /// <summary>The full path of an input: <c>io.Input($"daily/{day}")</c>, with dates written as refs write them.</summary>
    /// <param name="ref">One ref, as it is: no placeholders.</param>
    /// <exception cref="MissingInputsException">It isn't there yet. Let it pass: the engine has it made and runs this ref again.</exception>
    public string Input(RefText @ref) => Find([@ref.ToString()])[0];

    /// <summary>
    /// The full paths of many inputs, in order: <c>io.Inputs("daily/{date-6d..date}")</c>, <c>io.Inputs("weekly/{month.days}")</c>.
    /// Everything that lacks is reported at once, so that it is made at once: ask for all inputs together where they are known.
    /// </summary>
    /// <param name="refs">Refs or sets of them, in terms of this ref's placeholders as in <c>Needs</c>.</param>
    /// <exception cref="MissingInputsException">Some aren't there yet; it names all of them.</exception>
    public IReadOnlyList<string> Inputs(params IEnumerable<string> refs) => Find([.. refs.SelectMany(text => RefTemplate.Expand(text, Key))]);

    /// <summary>
    /// Asks for an input and goes on if it isn't there, so that more can be asked for before <see cref="ThrowIfMissing"/>.
    /// The miss is on record all the same: this ref is run again when the input is there. To read something only if it exists is
    /// not offered, as the result would depend on when the job happened to run.
    /// </summary>
    /// <param name="ref">Exactly one ref, in terms of this ref's placeholders or plain.</param>
    /// <param name="path">Its full path; empty if it isn't there.</param>
    /// <returns>True if it is there.</returns>
    public bool TryInput(string @ref, out string path)
    {
        path = RefTemplate.Expand(@ref, Key) is [var only]
            ? Locate(only) ?? ""
            : throw new ArgumentException($"'{@ref}' is more than one ref: use Inputs.", nameof(@ref));
        return path.Length > 0;
    }

    /// <summary>Ends this ref's turn if anything asked for so far isn't there.</summary>
    /// <exception cref="MissingInputsException">It names everything that lacks.</exception>
    public void ThrowIfMissing()
    {
        if (missing.Count > 0)
        {
            throw new MissingInputsException([.. missing]);
        }
    }

    /// <summary>Reports a file that is neither partition nor source but whose content matters: this ref is stale when it changes.</summary>
    /// <param name="path">Its path, full or relative to the working directory.</param>
    /// <returns>The same path.</returns>
    public string ReadFile(string path)
    {
        files.Add(path);
        return path;
    }

    /// <summary>
    /// The full path to write this ref's file to; its folder exists. What is there when the handler fails is removed, and nobody
    /// sees what is there before the run has ended, so no temporary name is needed.
    /// </summary>
    public string Output()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(OutputPath)!);
        return OutputPath;
    }

    /// <summary>The full path of a folder, made, for a ref that is many files; else as <see cref="Output"/>.</summary>
    public string OutputFolder() => Directory.CreateDirectory(OutputPath).FullName;

    /// <summary>Keeps something beside the data, for people and dashboards: rows, minimum, maximum.</summary>
    /// <param name="name">What it is; set again, the last value counts.</param>
    /// <param name="value">The value.</param>
    public void Describe(string name, string value) => metadata[name] = value;

    /// <summary>Keeps a number or date beside the data, written by the invariant culture, dates and times by ISO 8601.</summary>
    /// <param name="name">What it is; set again, the last value counts.</param>
    /// <param name="value">The value.</param>
    public void Describe(string name, IFormattable value) =>
        metadata[name] = value.ToString(
            value switch { DateOnly => PlaceholderFormat.Date, DateTime or DateTimeOffset => "O", _ => null }, CultureInfo.InvariantCulture);

    /// <summary>Says how far this ref is.</summary>
    /// <param name="fraction">From 0 to 1.</param>
    /// <param name="text">What is being done.</param>
    public void Progress(double fraction, string text = "") => messages.Progress(Key.Ref, fraction, text);

    private static string Below(string root, string @ref) => Path.Combine(root, @ref.Replace('/', Path.DirectorySeparatorChar));

    private string[] Find(IReadOnlyList<string> refs)
    {
        var paths = new string?[refs.Count];
        for (int i = 0; i < paths.Length; i++)
        {
            paths[i] = Locate(refs[i]);
        }

        ThrowIfMissing();
        return paths!;
    }

    /// <summary>The one place that looks for an input and puts on record what it found.</summary>
    private string? Locate(string @ref)
    {
        if (Ref.WhyInvalid(@ref) is { } why)
        {
            throw new ArgumentException($"'{@ref}' is no ref: {why}.", nameof(@ref));
        }

        string path = environment.Sources.TryGetValue(@ref, out string? source) ? source : Below(environment.DataRoot, @ref);
        bool exists = Path.Exists(path);
        if (seen.Add(@ref))
        {
            (exists ? reads : missing).Add(@ref);
        }

        return exists ? path : null;
    }
}
