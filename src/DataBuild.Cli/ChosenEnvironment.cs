using System.Collections;
using System.Text.RegularExpressions;
using DataBuild.Engine.Diagnostics;

namespace DataBuild.Cli;

/// <summary>
/// The environment that a call is about: the last one named, else what the environment variable says, as for `dotnet build`. `dotnet
/// run` names that of its own build first, with that one's log.
/// </summary>
internal sealed partial class ChosenEnvironment
{
    public const string Property = "DataBuildEnvironment";

    public ChosenEnvironment(IReadOnlyList<string> named)
    {
        Name = named is [.., var last] ? last : Variable();
        IsNamed = named.Count > 0;
        DiffersFromRun = named.Count > 1 && named[0] != Name;
        if (Name.Length > 0 && !Valid().IsMatch(Name))
        {
            throw new DataBuildException(
                Rules.BadEnvironmentName, $"'{Name}' is no name of an environment; use 1 to 64 ASCII letters, digits, '_' and '-', such as prod");
        }
    }

    /// <summary>Empty for the one without a name.</summary>
    public string Name { get; }

    /// <summary>It was named in the call.</summary>
    public bool IsNamed { get; }

    /// <summary>The call names another one than the `dotnet run` that it came through, whose places are then not meant.</summary>
    public bool DiffersFromRun { get; }

    /// <summary>What the names of its folders end with.</summary>
    public string Suffix => Name.Length > 0 ? "." + Name : "";

    /// <summary>What `dotnet build` is told: nothing where it finds the same by itself.</summary>
    public IEnumerable<string> Properties => IsNamed ? [$"{Property}={Name}"] : [];

    /// <summary>MSBuild takes variables for properties, whose names ignore case.</summary>
    private static string Variable() => Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
        .Where(variable => Property.Equals(variable.Key as string, StringComparison.OrdinalIgnoreCase))
        .Select(variable => variable.Value as string)
        .FirstOrDefault() ?? "";

    [GeneratedRegex("^[A-Za-z0-9_][A-Za-z0-9_-]{0,63}$")]
    private static partial Regex Valid();
}
