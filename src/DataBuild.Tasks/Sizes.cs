using System.Globalization;
using System.Text.RegularExpressions;

namespace DataBuild.Tasks;

/// <summary>Bytes of properties: a whole number and one of B, KB, MB, GB, TB, each 1,024 of the one before, as Memory of jobs has them. A bare 0 is none in any unit.</summary>
internal static class Sizes
{
    private static readonly Regex Form = new("^([0-9]{1,6})(B|KB|MB|GB|TB)$", RegexOptions.CultureInvariant);

    public static bool TryParse(string text, out long bytes)
    {
        bytes = 0;
        if (text == "0")
        {
            return true;
        }

        var match = Form.Match(text);
        if (!match.Success)
        {
            return false;
        }

        var power = match.Groups[2].Value switch
        {
            "B" => 0,
            "KB" => 10,
            "MB" => 20,
            "GB" => 30,
            _ => 40,
        };
        bytes = long.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) << power;
        return true;
    }
}
