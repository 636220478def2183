using System.Text;
using DataBuild.Engine.Diagnostics;
using DataBuild.Engine.Execution.Native;
using DataBuild.Engine.Ports;
using DataBuild.V1;

namespace DataBuild.Engine.Execution;

/// <summary>
/// What a job finds in its environment: little of the engine's own (so that a build does not depend on who starts it), what it declared,
/// what it was told to be passed, and the protocol's variables, which nothing overrides.
/// </summary>
internal sealed class JobEnvironment
{
    private static readonly string[] Inherited = ["PATH", "HOME", "LANG", "TMPDIR"];

    private static readonly string[] Protocol =
    [
        "DATABUILD_ENGINE", "DATABUILD_JOB", "DATABUILD_JOB_RUN_ID", "DATABUILD_ATTEMPT", "DATABUILD_DATA_ROOT", "DATABUILD_OUTPUT_ROOT",
        "DATABUILD_PARTITIONS_FILE", "DATABUILD_MESSAGES_FILE", "DATABUILD_SOURCES_FILE", "TRACEPARENT",
    ];

    private readonly IReadOnlyDictionary<string, string> _engines;
    private readonly List<(string Name, byte[] Entry)> _inherited = [];
    private readonly byte[] _marker;

    public JobEnvironment(IReadOnlyDictionary<string, string> engines, string runMarker)
    {
        _engines = engines;
        _marker = Encoding.UTF8.GetBytes("DATABUILD_ENGINE=" + runMarker);
        foreach (var (name, value) in engines)
        {
            if (IsInherited(name))
            {
                _inherited.Add((name, Encoding.UTF8.GetBytes($"{name}={value}")));
            }
        }
    }

    /// <summary>PATH as the job will have it; null if it has none.</summary>
    public string? PathOf(RunRequest request)
    {
        for (var index = request.PassEnvironment.Count - 1; index >= 0; index--)
        {
            if (request.PassEnvironment[index] == "PATH" && _engines.TryGetValue("PATH", out var passed))
            {
                return passed;
            }
        }

        for (var index = request.Environment.Count - 1; index >= 0; index--)
        {
            if (request.Environment[index].Key == "PATH")
            {
                return request.Environment[index].Value;
            }
        }

        return _engines.GetValueOrDefault("PATH");
    }

    /// <summary>Writes the whole environment, and a warning for each variable that was to be passed and is not set.</summary>
    public void Write(NativeStrings into, RunRequest request, string partitionsFile, string messagesFile, List<Diagnostic> diagnostics)
    {
        var declared = Declared(request, diagnostics);
        foreach (var (name, entry) in _inherited)
        {
            if (declared is null || !declared.ContainsKey(name))
            {
                into.Add(entry);
            }
        }

        if (declared is not null)
        {
            foreach (var (name, value) in declared)
            {
                if (!IsProtocol(name))
                {
                    into.AddPair(name, value);
                }
            }
        }

        into.Add(_marker);
        into.Add("DATABUILD_JOB="u8, request.Job);
        into.Add("DATABUILD_JOB_RUN_ID="u8, request.RunId);
        into.Add("DATABUILD_ATTEMPT="u8, request.Attempt.ToString(System.Globalization.CultureInfo.InvariantCulture));
        into.Add("DATABUILD_DATA_ROOT="u8, request.DataRoot);
        into.Add("DATABUILD_OUTPUT_ROOT="u8, request.OutputRoot);
        into.Add("DATABUILD_PARTITIONS_FILE="u8, partitionsFile);
        into.Add("DATABUILD_MESSAGES_FILE="u8, messagesFile);
        if (request.SourcesFile.Length > 0)
        {
            into.Add("DATABUILD_SOURCES_FILE="u8, request.SourcesFile);
        }

        into.Add("TRACEPARENT="u8, TraceParent.Of(request.RunId));
    }

    /// <summary>The whole environment by name, as <see cref="Write"/> gives it; the later of two of one name holds.</summary>
    public unsafe List<KeyValuePair<string, string>> Variables(RunRequest request, string partitionsFile, string messagesFile, List<Diagnostic> diagnostics)
    {
        using var strings = new NativeStrings();
        Write(strings, request, partitionsFile, messagesFile, diagnostics);
        var variables = new List<KeyValuePair<string, string>>(strings.Count);
        for (var index = 0; index < strings.Count; index++)
        {
            var entry = System.Runtime.InteropServices.Marshal.PtrToStringUTF8((nint)strings[index])!;
            var end = entry.IndexOf('=', StringComparison.Ordinal);
            variables.Add(new(entry[..end], entry[(end + 1)..]));
        }

        return variables;
    }

    /// <summary>It is one of the protocol's own, which nothing overrides.</summary>
    public static bool IsProtocol(string name) => Array.IndexOf(Protocol, name) >= 0;

    /// <summary>This process's own environment.</summary>
    public static Dictionary<string, string> OfThisProcess()
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (System.Collections.DictionaryEntry variable in System.Environment.GetEnvironmentVariables())
        {
            environment[(string)variable.Key] = (string?)variable.Value ?? "";
        }

        return environment;
    }

    private static bool IsInherited(string name) =>
        Array.IndexOf(Inherited, name) >= 0
        || name.StartsWith("LC_", StringComparison.Ordinal)
        || (name.StartsWith("DOTNET_", StringComparison.Ordinal) && !name.StartsWith("DOTNET_CLI_", StringComparison.Ordinal));

    private Dictionary<string, string>? Declared(RunRequest request, List<Diagnostic> diagnostics)
    {
        if (request.Environment.Count == 0 && request.PassEnvironment.Count == 0)
        {
            return null;
        }

        var declared = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in request.Environment)
        {
            declared[name] = value;
        }

        foreach (var name in request.PassEnvironment)
        {
            if (_engines.TryGetValue(name, out var value))
            {
                declared[name] = value;
            }
            else
            {
                diagnostics.Add(Rules.PassEnvironmentUnset.At(
                    $"job '{request.Job}' runs without {name}: PassEnvironment names it and it is not set; {Rules.PassEnvironmentUnset.Cure}"));
            }
        }

        return declared;
    }
}
