using System.Globalization;

namespace DataBuild.Engine.Files;

/// <summary>
/// A folder below <c>.databuild</c> that one term owns: <c>staging-7</c> and <c>publish-7</c> are what term 7 works in,
/// <c>staging-7.0</c>, <c>publish-7.0</c> and so on are what it took over from older terms.
/// </summary>
internal readonly record struct TermFolder(string Name, bool IsPublish, ulong Term, bool IsTakenOver)
{
    public const string Staging = "staging-";
    public const string Publish = "publish-";

    public static string StagingOf(ulong term) => Staging + term.ToString(CultureInfo.InvariantCulture);

    public static string PublishOf(ulong term) => Publish + term.ToString(CultureInfo.InvariantCulture);

    /// <summary>Those that are there; none if the folder itself is not.</summary>
    public static IReadOnlyList<TermFolder> In(string reserved)
    {
        try
        {
            return [.. Directory.EnumerateDirectories(reserved).Select(path => Parse(Path.GetFileName(path))).OfType<TermFolder>()];
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
    }

    public static TermFolder? Parse(string name)
    {
        var isPublish = name.StartsWith(Publish, StringComparison.Ordinal);
        if (!isPublish && !name.StartsWith(Staging, StringComparison.Ordinal))
        {
            return null;
        }

        var rest = name.AsSpan(isPublish ? Publish.Length : Staging.Length);
        var dot = rest.IndexOf('.');
        return ulong.TryParse(dot < 0 ? rest : rest[..dot], NumberStyles.None, CultureInfo.InvariantCulture, out var term)
            ? new TermFolder(name, isPublish, term, dot >= 0)
            : null;
    }
}
