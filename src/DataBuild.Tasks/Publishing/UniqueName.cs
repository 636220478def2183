using System.Globalization;

namespace DataBuild.Tasks.Publishing;

/// <summary>Folders of different projects may have one name.</summary>
internal static class UniqueName
{
    public static string Among(IEnumerable<string> taken, string wanted)
    {
        var used = new HashSet<string>(taken, StringComparer.OrdinalIgnoreCase);
        var name = wanted;
        for (var number = 2; used.Contains(name); number++)
        {
            name = wanted + "-" + number.ToString(CultureInfo.InvariantCulture);
        }

        return name;
    }
}
