using System.Text;

namespace DataBuild.Tasks;

/// <summary>Text on its way into MSBuild, which gives some characters a meaning of their own.</summary>
internal static class MSBuildText
{
    private const string Special = "%*?@$();'";

    public static string Escape(string text)
    {
        if (text.IndexOfAny(Special.ToCharArray()) < 0)
        {
            return text;
        }

        var escaped = new StringBuilder(text.Length + 16);
        foreach (var character in text)
        {
            if (Special.IndexOf(character) < 0)
            {
                escaped.Append(character);
            }
            else
            {
                escaped.Append('%').Append(((int)character).ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
            }
        }

        return escaped.ToString();
    }
}
