using System.Globalization;
using System.Text;
using DataBuild.V1;

namespace DataBuild.Tasks.Mirror;

/// <summary>Readable names for mirrored targets: unique, short, and without the characters that MSBuild forbids or gives a meaning.</summary>
internal sealed class TargetNames
{
    private const int MostCharacters = 120;
    private const string Allowed = " /_-+=:,|{}[]#~";

    private readonly HashSet<string> _used = new(StringComparer.OrdinalIgnoreCase);

    public string Of(RunReport run)
    {
        var first = run.Refs.Count == 0 ? "" : run.Refs[0];
        var more = run.Refs.Count > 1 ? " +" + (run.Refs.Count - 1).ToString(CultureInfo.InvariantCulture) : "";
        return Unique($"{run.Job}: {first}{more} {run.State}");
    }

    public string Of(JobSkip skip) => Unique(skip.Job);

    private string Unique(string name)
    {
        var clean = new StringBuilder(name.Length);
        foreach (var character in name.Trim().Take(MostCharacters))
        {
            clean.Append(char.IsLetterOrDigit(character) || Allowed.IndexOf(character) >= 0 ? character : '_');
        }

        var sanitised = clean.ToString();
        var unique = sanitised;
        for (var number = 2; !_used.Add(unique); number++)
        {
            unique = sanitised + " #" + number.ToString(CultureInfo.InvariantCulture);
        }

        return unique;
    }
}
